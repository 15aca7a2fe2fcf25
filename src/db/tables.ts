import type { EventStore } from '../events/events.ts';
import type { MailQueue } from '../mail/queue.ts';
import type { DeviceTable } from '../users/devices.ts';
import type { LinkTokens } from '../users/link-tokens.ts';
import type { Users } from '../users/users.ts';
import type { Database } from './client.ts';
import { late } from './late.ts';

/** All that is asked of the project's own tables. Nothing else reads or writes them. */
export interface Tables {
  users: Users;
  links: LinkTokens;
  mailQueue: MailQueue;
  events: EventStore;
  devices: DeviceTable;
}

export function createTables(database: Database): Tables {
  return {
    users: late(async () => (await import('./users-table.ts')).createUsers(database)),
    links: late(async () => (await import('./links-table.ts')).createLinkTokens(database)),
    mailQueue: late(async () => (await import('./mail-table.ts')).createMailQueue(database)),
    events: late(async () => (await import('./events-table.ts')).createEventStore(database)),
    devices: late(async () => (await import('./devices-table.ts')).createDeviceTable(database)),
  };
}

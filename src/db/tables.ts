import type { EventStore } from '../events/events.ts';
import type { MailQueue } from '../mail/queue.ts';
import type { LinkStore } from '../users/link-tokens.ts';
import type { Users } from '../users/users.ts';
import type { Database } from './client.ts';
import { createEventStore } from './events-table.ts';
import { createLinkStore } from './links-table.ts';
import { createMailQueue } from './mail-table.ts';
import { createUsers } from './users-table.ts';

/** All that is asked of the project's own tables. Nothing else reads or writes them. */
export interface Tables {
  users: Users;
  links: LinkStore;
  mailQueue: MailQueue;
  events: EventStore;
}

export function createTables(database: Database): Tables {
  return {
    users: createUsers(database),
    links: createLinkStore(database),
    mailQueue: createMailQueue(database),
    events: createEventStore(database),
  };
}

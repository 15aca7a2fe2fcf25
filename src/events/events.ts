import { uuidv7 } from 'uuidv7';
import type { Background } from '../background.ts';
import type { Caller } from '../caller.ts';
import type { Clock, Milliseconds } from '../time.ts';
import type { Companion } from '../users/companion.ts';

/** What is recorded of an account's security (ASVS 16.3). */
export const EVENT_KINDS = [
  'registered',
  'signed_in',
  'refused',
  'signed_out',
  'reauthenticated',
  'revoked',
  'device_forgotten',
  'password_changed',
  'password_reset',
  'reset_link_made',
  'password_disowned',
  'email_changed',
  'email_verified',
  'role_changed',
  'disabled',
  'enabled',
  'deleted',
  'invited',
  'mail_refused',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

export interface SecurityEvent {
  /** Sorts by time. */
  id: string;
  kind: EventKind;
  /** Whose account; null: a name that nobody has. */
  userId: string | null;
  /** Who did it; null: somebody who was not signed in. */
  actorId: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  at: Milliseconds;
}

export interface EventQuery {
  userId?: string | undefined;
  kind?: EventKind | undefined;
  /** The id before which to go on. */
  cursor?: string | undefined;
  limit: number;
}

export type NewEvent = Pick<SecurityEvent, 'kind' | 'userId' | 'actorId'> & { by: Caller };

/** Where events are kept. Each is one statement, and rejects with a `Fault`. */
export interface EventStore {
  /** Adds events; those that are there already stay as they are. */
  add(events: SecurityEvent[]): Promise<void>;
  /** Newest first. */
  list(query: EventQuery): Promise<SecurityEvent[]>;
  /** Drops what is older. */
  prune(before: Milliseconds): Promise<void>;
}

/** Records security events, and tells of them. */
export interface Events {
  /** Records what a change of a user does, in one batch with it. */
  companion(kind: EventKind, by: Caller, actorId: string | null): Companion;
  /** Records what changes no row, without anybody waiting for it. */
  record(event: NewEvent): void;
  /** Newest first. Rejects with a `Fault`. */
  list(query: EventQuery): Promise<SecurityEvent[]>;
  /** Writes what could not be written before, and drops what is older. Rejects with a `Fault`. */
  prune(before: Milliseconds): Promise<void>;
}

export interface EventParts {
  store: EventStore;
  background: Background;
  clock: Clock;
  /** Waits for more events that can go with one, where requests may wait for each other. */
  gather?: (() => Promise<void>) | undefined;
}

/** So that a statement stays within the limits of every database. */
const MAX_ROWS = 500;

/** Events that wait for a database that is down; those that come after them are lost. */
const MAX_WAITING = 5000;

export function createEvents({ store, background, clock, gather }: EventParts): Events {
  let waiting: SecurityEvent[] = [];

  /** Writes what waits, that of others included: a flood of refused logins is one statement. */
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const rows = waiting.slice(0, MAX_ROWS);
      waiting = waiting.slice(MAX_ROWS);
      try {
        await store.add(rows);
      } catch (fault) {
        // They go with the next ones; a database that stays down must not fill the memory.
        waiting = [...rows, ...waiting].slice(0, MAX_WAITING);
        throw fault;
      }
    }
  }

  return {
    companion(kind, { ip, userAgent, requestId }, actorId) {
      const at = clock.now();
      return { event: { id: uuidv7(), kind, actorId, ip, userAgent, requestId, at } };
    },
    record({ kind, userId, actorId, by: { ip, userAgent, requestId } }) {
      const at = clock.now();
      waiting.push({ id: uuidv7(), kind, userId, actorId, ip, userAgent, requestId, at });
      background('recording events', async () => {
        if (gather) await gather();
        await write();
      });
    },
    async list(query) {
      // Whoever has just signed in finds it here.
      await write();
      return store.list(query);
    },
    async prune(before) {
      await write();
      await store.prune(before);
    },
  };
}

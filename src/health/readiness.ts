import type { Database } from '../db/client.ts';
import { Fault, type Part } from '../errors.ts';
import type { RedisClient } from '../redis/client.ts';
import { type Clock, type Milliseconds, seconds } from '../time.ts';

export interface ReadinessParts {
  redis: RedisClient;
  database: Database;
  /** A request may wait for what another one asked for. */
  sharesWork: boolean;
  clock: Clock;
}

/** Mail is kept and tried again, so a request needs none of it. */
type Needed = Exclude<Part, 'mail'>;

/** Why no request can be served. Both lists are empty when all is well. */
export interface Readiness {
  silent: Needed[];
  /** They answer, and have no tables: nobody has run the migrations. */
  empty: Needed[];
}

/** A result is kept so long, so that eager probes do not become load. */
const KEEP: Milliseconds = seconds(1);

/** One statement that needs the tables and reads no row. */
const TABLES = 'SELECT 1 FROM users, link_tokens, mail_queue LIMIT 0';

/**
 * Asks every part that requests need whether it can serve them, at most once a second. Requests
 * that come while a part has yet to answer wait for that answer.
 */
export function createReadiness({ redis, database, sharesWork, clock }: ReadinessParts) {
  let last: { at: Milliseconds; found: Readiness } | null = null;
  let asking: Promise<Readiness> | null = null;

  return async function readiness(): Promise<Readiness> {
    if (last && clock.now() - last.at < KEEP) return last.found;
    if (!sharesWork) return ask();
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };

  async function ask(): Promise<Readiness> {
    const checks: Record<Needed, Promise<unknown>> = {
      redis: redis.ping(),
      database: database.run((db) => db.run(TABLES)),
    };
    const parts = Object.keys(checks) as Needed[];
    const outcomes = await Promise.allSettled(Object.values(checks));
    const failed = parts.filter((_, i) => outcomes[i]?.status === 'rejected');
    const isEmpty = (part: Needed) => lacksTables(outcomes[parts.indexOf(part)]);
    const found = {
      silent: failed.filter((part) => !isEmpty(part)),
      empty: failed.filter(isEmpty),
    };
    last = { at: clock.now(), found };
    return found;
  }
}

function lacksTables(outcome: PromiseSettledResult<unknown> | undefined): boolean {
  const reason = outcome?.status === 'rejected' ? outcome.reason : null;
  return reason instanceof Fault && reason.message.includes('no such table');
}

/** What is the matter, in one sentence for each part and with the remedy. Empty: nothing. */
export function unreadiness({ silent, empty }: Readiness): string {
  return [
    ...(silent.length > 0 ? [`Not answering: ${silent.join(', ')}.`] : []),
    ...(empty.length > 0 ? [`Without tables: ${empty.join(', ')} (run: npm run db:migrate).`] : []),
  ].join(' ');
}

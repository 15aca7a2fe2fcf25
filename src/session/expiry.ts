import type { Lifetimes } from '../config.ts';
import type { Milliseconds } from '../time.ts';
import type { SessionRecord } from './record.ts';

type Lasting = Pick<SessionRecord, 'lastSeenAt' | 'login'>;

/** When sessions end (ASVS 7.3.1, 7.3.2), by the server's clock alone. */
export interface Expiry {
  /** The end as things stand: by idleness, or by the absolute lifetime when that comes first. */
  endOf(session: Lasting): Milliseconds;
  /** How long the store is to keep it, as things stand. */
  left(session: Lasting, now: Milliseconds): Milliseconds;
  /** Whether enough has passed since the last renewal to write another one: a tenth of idle. */
  renewalDue(session: Lasting, now: Milliseconds): boolean;
  /** The absolute end of a login made now. */
  absoluteEnd(remember: boolean, now: Milliseconds): Milliseconds;
}

export function createExpiry(plain: Lifetimes, remembered: Lifetimes): Expiry {
  const idleOf = ({ login }: Lasting) => (login?.remember ? remembered.idle : plain.idle);
  const endOf = (session: Lasting) => {
    const byIdleness = session.lastSeenAt + idleOf(session);
    return session.login ? Math.min(byIdleness, session.login.absoluteExpiresAt) : byIdleness;
  };
  return {
    endOf,
    left: (session, now) => endOf(session) - now,
    renewalDue: (session, now) => now - session.lastSeenAt >= idleOf(session) / 10,
    absoluteEnd: (remember, now) => now + (remember ? remembered : plain).absolute,
  };
}

import type { Expiry } from '../session/expiry.ts';
import type { LiveSession } from '../session/reader.ts';
import { type Milliseconds, minutes } from '../time.ts';

interface HomeProps {
  live: LiveSession | null;
  counter: number;
  expiry: Pick<Expiry, 'endOf'>;
  now: Milliseconds;
}

/** The session panel: who is signed in, in which session, for how long. */
export function HomePage({ live, counter, expiry, now }: HomeProps) {
  const { user, record } = live ?? {};
  return (
    <>
      {live && user && record?.login ? (
        <dl>
          <dt>Signed in as</dt>
          <dd>{user.email ?? user.username}</dd>
          <dt>Session</dt>
          <dd>{live.token.id}</dd>
          <dt>Ends when idle in</dt>
          <dd>{lasting(expiry.endOf(record) - now)}</dd>
          <dt>Ends at the latest in</dt>
          <dd>{lasting(record.login.absoluteExpiresAt - now)}</dd>
          <dt>Counter</dt>
          <dd>{counter}</dd>
        </dl>
      ) : (
        <>
          <p>You are not signed in.</p>
          <dl>
            <dt>Counter</dt>
            <dd>{counter}</dd>
          </dl>
        </>
      )}
      {user && (
        <p>
          <a href="/account/sessions">Where you are signed in</a>
        </p>
      )}
      <div class="row">
        <form method="post" action="/counter">
          <button type="submit">Add one</button>
        </form>
        {user ? (
          <form method="post" action="/auth/logout">
            <button type="submit" class="quiet">
              Sign out
            </button>
          </form>
        ) : (
          <span>
            <a href="/login">Sign in</a> or <a href="/register">register</a>
          </span>
        )}
      </div>
    </>
  );
}

/** `13 days 23 h`, `59 min`: the two largest units that say something. */
function lasting(span: Milliseconds): string {
  const total = Math.max(1, Math.ceil(span / minutes(1)));
  const [days, hours, rest] = [Math.floor(total / 1440), Math.floor(total / 60) % 24, total % 60];
  const parts = [
    days > 0 && `${days} day${days === 1 ? '' : 's'}`,
    hours > 0 && `${hours} h`,
    days === 0 && rest > 0 && `${rest} min`,
  ];
  return parts.filter(Boolean).join(' ');
}

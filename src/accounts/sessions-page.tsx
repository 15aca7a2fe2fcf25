import type { SessionView } from '../session/views.ts';
import { Done } from '../ui/form-fields.tsx';

interface SessionsProps {
  /** Newest first. */
  sessions: SessionView[];
  /** Shown once, after a success. Empty: none. */
  notice: string;
}

/** Where a person is signed in, with a button to end each of it. */
export function SessionsPage({ sessions, notice }: SessionsProps) {
  return (
    <>
      {notice && <Done>{notice}</Done>}
      <ul class="plain">
        {sessions.map((session) => (
          <li class="item">
            <dl>
              <dt>Device</dt>
              <dd>{session.userAgent ?? 'not known'}</dd>
              <dt>Address</dt>
              <dd>{session.ip ?? 'not known'}</dd>
              <dt>Signed in</dt>
              <dd>
                <Moment at={session.createdAt} />
              </dd>
              <dt>Last seen</dt>
              <dd>
                <Moment at={session.lastSeenAt} />
              </dd>
            </dl>
            <form method="post" action={`/account/sessions/${session.id}/end`}>
              <button type="submit" class="quiet">
                {session.current ? 'Sign out of this session' : 'End this session'}
              </button>
              {session.current && <span class="hint"> This is the one you are using.</span>}
            </form>
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action="/account/sessions/end-others">
          <button type="submit">End all other sessions</button>
        </form>
      )}
    </>
  );
}

/** Without scripts a server can't know a visitor's time zone, so it says which one it writes. */
function Moment({ at }: { at: string }) {
  return <time datetime={at}>{`${at.slice(0, 10)}, ${at.slice(11, 16)} UTC`}</time>;
}

import type { Session } from 'hono-sessions';
import type { Values } from './record.ts';

const RENEWED = 'every request with a session renews its idle timeout (SESSION_IDLE) by itself';

/** Methods of a session of hono-sessions that would change nothing here, and what to do instead. */
const INSTEAD = {
  setExpiration:
    'SESSION_IDLE and SESSION_LIFETIME say when a session ends; deleteSession() ends it',
  touch: RENEWED,
  reupSession: RENEWED,
  updateAccess: RENEWED,
  setCache: 'use set(), flash() and forget()',
};

const REFUSING = Object.fromEntries(
  Object.entries(INSTEAD).map(([method, instead]) => [
    method,
    () => {
      throw new Error(`c.var.session.${method}() has no effect in Gatehouse: ${instead}`);
    },
  ]),
);

/**
 * The session as handlers get it: methods without an effect throw at once. The library calls some of
 * them itself after the handler, so they still work on the object that the library keeps.
 */
export function sessionForHandlers(session: Session<Values>): Session<Values> {
  return Object.assign(Object.create(session), REFUSING);
}

/** What the flag of hono-sessions for a new session id is answered with. */
export const NO_ROTATION =
  'session_key_rotation has no effect in Gatehouse: every sign-in makes a new token by itself, and POST /auth/reauthenticate and /auth/password renew the one of a signed-in session';

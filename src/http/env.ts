import type { Context } from 'hono';
import type { Session } from 'hono-sessions';
import type { LiveSession } from '../session/reader.ts';
import type { Values } from '../session/record.ts';
import type { Tally } from '../tally.ts';
import type { User } from '../users/users.ts';
import type { SubmittedForm } from './form.ts';

/** What middleware hands to handlers. */
export interface AppEnv {
  Variables: {
    requestId: string;
    /** The pattern of the route that waits for the request. null: none does. */
    route: string | null;
    /** What the request has asked of the stores. */
    tally: Tally;
    /** Set when the request is an HTML form. */
    form?: SubmittedForm | undefined;
    /** What the session keeps, as handlers use it; behind `sessionData()`. */
    session: Session<Values>;
    /** The session in the store; null when there is none. Behind `session()`. */
    live: LiveSession | null;
    /**
     * Who is signed in, when that is another user than the one with this id; else null. Set on
     * unsafe methods by `intendedUser()`.
     */
    otherUserThan?: (id: string) => Promise<User | null>;
    /** The password of a form that was sent twice has just signed its browser in again. */
    signedInAgain?: boolean;
    /** The page holds a secret, so it takes no file of another host. Behind `secretPage()`. */
    ownFilesOnly?: boolean;
    /** What the answer tells the browser of its session; it stands in the store already. */
    sessionCookie?: string;
  };
}

export type AppContext = Context<AppEnv>;

/** As much of a context as answering with a session's cookie takes. */
export interface CookieContext extends HeaderContext {
  set(name: 'sessionCookie', line: string): void;
}

/** As much of a context as reading and writing headers takes, whatever it carries otherwise. */
export interface HeaderContext {
  req: { header(name: string): string | undefined };
  header(name: string, value?: string, options?: { append?: boolean }): void;
}

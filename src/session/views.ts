import type { Milliseconds } from '../time.ts';
import type { Device } from '../users/devices.ts';
import type { User } from '../users/users.ts';
import type { Expiry } from './expiry.ts';
import type { SignedInSession } from './reader.ts';
import type { SignedInRecord } from './record.ts';

type EndOf = Pick<Expiry, 'endOf'>;

/** A user as the API shows it. */
export interface UserView {
  id: string;
  email: string | null;
  username: string | null;
  name: string | null;
  roles: string[];
  emailVerified: boolean;
  createdAt: string;
}

/** A signed-in session as the API shows it. Times are ISO 8601 in UTC. */
export interface SessionView {
  /** Public: it can revoke, it can't sign in. */
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  authenticatedAt: string;
  /** The end by idleness, as last renewed. */
  expiresAt: string;
  /** The end whatever happens. */
  absoluteExpiresAt: string;
  methods: string[];
  ip: string | null;
  userAgent: string | null;
}

export function userView(user: User): UserView {
  const { id, email, username, name, roles, emailVerified, createdAt } = user;
  return { id, email, username, name, roles, emailVerified, createdAt: iso(createdAt) };
}

export function sessionView(
  id: string,
  { record, current, expiry }: { record: SignedInRecord; current: boolean; expiry: EndOf },
): SessionView {
  const { login, createdAt, lastSeenAt } = record;
  return {
    id,
    current,
    createdAt: iso(createdAt),
    lastSeenAt: iso(lastSeenAt),
    authenticatedAt: iso(login.authenticatedAt),
    expiresAt: iso(expiry.endOf(record)),
    absoluteExpiresAt: iso(login.absoluteExpiresAt),
    methods: login.methods,
    ip: login.ip,
    userAgent: login.userAgent,
  };
}

/** A device that a user has signed in on, as the API shows it. */
export interface DeviceView {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  userAgent: string | null;
}

export const deviceView = ({ id, createdAt, lastUsedAt, userAgent }: Device): DeviceView => ({
  id,
  createdAt: iso(createdAt),
  lastUsedAt: iso(lastUsedAt),
  userAgent,
});

/** Who is signed in, and by which session. */
export interface SignedInView {
  user: UserView;
  session: SessionView;
}

/**
 * Shows the session that a request came with, as the JSON of a `SignedInView`. One that is found as
 * it was is not told anew.
 */
export function createSignedInJson(expiry: EndOf): (live: SignedInSession) => string {
  const told = new WeakMap<SignedInRecord, { user: User; json: string }>();
  return ({ token, record, user }) => {
    const known = told.get(record);
    if (known?.user === user) return known.json;
    const session = sessionView(token.id, { record, current: true, expiry });
    const json = JSON.stringify({ user: userView(user), session } satisfies SignedInView);
    told.set(record, { user, json });
    return json;
  };
}

const iso = (time: Milliseconds) => new Date(time).toISOString();

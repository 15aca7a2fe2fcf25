import type { Milliseconds } from '../time.ts';
import type { Companion } from './companion.ts';
import type { DeviceUse } from './devices.ts';
import type { LinkPurpose } from './link-tokens.ts';

/** A row of the users table without its password hash. */
export interface User {
  id: string;
  email: string | null;
  username: string | null;
  name: string | null;
  /** Always has `user`. */
  roles: string[];
  emailVerified: boolean;
  disabled: boolean;
  /** Grows when every session of the user must end. */
  epoch: number;
  /** Grows with every change of the row that others can see. */
  version: number;
  createdAt: Milliseconds;
}

export interface UserWithPassword {
  user: User;
  /** null: nobody can sign in with a password. */
  passwordHash: string | null;
  /** The devices that the user has signed in on. */
  devices: DeviceUse[];
}

export interface NewUser extends Pick<User, 'id' | 'email' | 'username' | 'name' | 'createdAt'> {
  /** null: nobody can sign in until a password is set. */
  passwordHash: string | null;
  /** Only `user` when absent. */
  roles?: string[];
}

/** A user whose address and name are those of a link. */
export type UserByLink = Pick<NewUser, 'id' | 'passwordHash' | 'createdAt'>;

/**
 * Names one user, in canonical form. `login`: what was typed where an email is asked for, in the
 * spellings that the table may have it in. The first of them that is an email is meant, else a user
 * name of the first spelling, which has an `@` only where it was imported.
 */
export type Identifier =
  | { email: string }
  | { username: string }
  | { id: string }
  | { login: readonly string[] };

export interface UserChange {
  /** Somebody else may have it by then: then nothing changes. */
  email?: string | undefined;
  emailVerified?: boolean | undefined;
  name?: string | null | undefined;
  username?: string | undefined;
  roles?: string[] | undefined;
  /** Ends every session of the user when it is another value than before. */
  disabled?: boolean | undefined;
  passwordHash?: string | null | undefined;
  /** Ends every session of the user. */
  endSessions?: boolean;
}

/** A link that is taken by a change of a user: it works once, and only for the address it went to. */
export interface LinkUse {
  digest: string;
  purposes: readonly LinkPurpose[];
  now: Milliseconds;
  /** The used link that stays in its place. Absent: nothing stays. */
  leaves?: UsedLink;
}

/**
 * What is left of a link that was taken, for a form that is sent twice: it does nothing any more, and
 * whoever knows what `digest` is made of finds out that it was used.
 */
export interface UsedLink {
  digest: string;
  /** Absent: as long as the link would have worked. */
  expiresAt?: Milliseconds;
}

/** What must be true of a user for a change to happen. */
export interface Condition {
  /** The user may sign in. */
  enabled?: boolean;
  /** What a session asks for holds only while the user still has the session's epoch. */
  epoch?: number;
  /** Not when the user is the only admin who can sign in. */
  notLastAdmin?: boolean;
  /**
   * Of these roles the user gains none while their email is not confirmed: whoever registered it
   * first need not be its holder. Roles that they have pass, and so do users without an email, and
   * those without a password, who have not opened their invitation yet.
   */
  confirmedToGain?: readonly string[];
  /** The stored hash is still the one that a password was verified against. */
  verified?: string;
}

export interface UpdateCondition extends Condition {
  /** Taken by the change: the link's address is the user's, or the one that the change gives. */
  link?: LinkUse;
}

export interface UserQuery {
  /** Part of the email, the user name or the name. Empty: everybody. */
  query: string;
  /** The id after which to go on. Empty: from the start. */
  cursor: string;
  limit: number;
}

/**
 * Reads and changes users. Each is one statement, or one batch with the companions of a change, and
 * rejects with a `Fault`. Nothing else writes the users table.
 */
export interface Users {
  /** null: no such user. */
  byId(id: string): Promise<User | null>;
  /** null: no such user. */
  withPassword(identifier: Identifier): Promise<UserWithPassword | null>;
  /** Which of the names other users have already, the email first. Empty: none. */
  taken(names: Partial<Pick<User, 'email' | 'username'>>): Promise<('email' | 'username')[]>;
  /** By id, which is by creation. */
  list(query: UserQuery): Promise<User[]>;
  /** false: the email, the user name or the id is taken; nothing was written. */
  insert(user: NewUser, companions?: readonly Companion[]): Promise<boolean>;
  /**
   * Makes the user that a link is good for, who holds its address, and takes the link. false: the
   * link is not there any more, or its address is taken; nothing was written.
   */
  insertByLink(
    user: UserByLink,
    link: LinkUse,
    companions?: readonly Companion[],
  ): Promise<boolean>;
  /**
   * Changes a row and its `version`, and answers the row after it. null: no such user, the condition
   * did not hold, or another user has the email or the user name; nothing was changed.
   */
  update(
    id: string,
    change: UserChange,
    condition?: UpdateCondition,
    companions?: readonly Companion[],
  ): Promise<User | null>;
  /** Replaces a hash while it still is the one that was verified; the password is the same. */
  replaceHash(id: string, verified: string, replacement: string): Promise<void>;
  /** Deletes a row, and answers what it was. null: the condition did not hold; it is still there. */
  remove(
    id: string,
    condition?: Condition,
    companions?: readonly Companion[],
  ): Promise<User | null>;
}

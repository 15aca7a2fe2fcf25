/**
 * Names of the records in Redis. All that belongs to one user shares a hash tag, so that one
 * command reads a session with its user's card.
 */
const owned = (userId: string) => `gh:{${encodeURIComponent(userId)}}`;

/** The copy of a user's row that sessions are checked against. */
export const cardKey = (userId: string): string => owned(userId);

/** A user's sessions, by last use. */
export const indexKey = (userId: string): string => `${owned(userId)}:i`;

/** How often a login to the account failed in a row, wherever it came from. */
export const failuresKey = (userId: string): string => `${owned(userId)}:f`;

/** The same from one device that the user has signed in on, in one epoch of the user. */
export const deviceFailuresKey = (userId: string, epoch: number, deviceId: string): string =>
  `${failuresKey(userId)}:${epoch}:${deviceId}`;

/** How often a wrong password was given in a session, and in a row in all sessions of a user. */
export const sessionProofsKey = (userId: string, id: string): string => `${owned(userId)}:p:${id}`;
export const proofFailuresKey = (userId: string): string => `${owned(userId)}:p`;

/** Every session key of this owner starts so; null owns the anonymous ones. */
export const sessionPrefix = (userId: string | null): string =>
  userId === null ? 'gh:anonymous:' : `${owned(userId)}:s:`;

export const sessionKey = (userId: string | null, id: string): string => sessionPrefix(userId) + id;

import { type Milliseconds, seconds } from '../time.ts';

/** What handlers keep in a session. Without a prototype, so that no key means more than itself. */
export type Values = Record<string, unknown>;

export interface SessionData {
  values: Values;
  /** Values that are gone once they were read. */
  flash: Values;
}

/** Facts of the login that made a session. */
export interface LoginFacts {
  /** The user's epoch at login; the session ends when the user's own has moved on. */
  epoch: number;
  /**
   * When the user's row was made, so that an id which is deleted and made again (an import) revives
   * no session of the one before. Absent in records of earlier versions.
   */
  userCreatedAt?: Milliseconds;
  authenticatedAt: Milliseconds;
  /** The end whatever happens. */
  absoluteExpiresAt: Milliseconds;
  remember: boolean;
  methods: string[];
  ip: string | null;
  userAgent: string | null;
  /** The token that the last reauthentication replaced. Absent when nothing replaced it lately. */
  replaced?: ReplacedToken;
}

/**
 * A token whose place another one has taken. For `GRACE` it still reads what it could read, so that
 * requests which were on their way while their browser got the new one are not answered as nobody.
 */
export interface ReplacedToken {
  digest: string;
  at: Milliseconds;
  /** When whoever has it had proved who they are. */
  authenticatedAt: Milliseconds;
}

/** How long a replaced token still reads. */
export const GRACE: Milliseconds = seconds(10);

export interface SessionRecord {
  /** Digest of the current token's secret. */
  digest: string;
  createdAt: Milliseconds;
  /** Exact to the renewal window. */
  lastSeenAt: Milliseconds;
  data: SessionData;
  /** null: an anonymous session. */
  login: LoginFacts | null;
}

/** The record of somebody's session. */
export type SignedInRecord = SessionRecord & { login: LoginFacts };

export const emptyData = (): SessionData => ({ values: bare(), flash: bare() });

/**
 * As it is stored: by place and not by name, times from the creation on, and the usual login method
 * as 0, because a store holds millions of them.
 */
type Stored = [
  digest: string,
  createdAt: Milliseconds,
  seen: Milliseconds,
  login: StoredLogin | 0,
  values?: Values | 0,
  flash?: Values,
];
type StoredLogin = [
  epoch: number,
  authenticated: Milliseconds,
  absolute: Milliseconds,
  remember: 0 | 1,
  methods: string[] | 0,
  ip: string | 0,
  userAgent: string | 0,
  replaced?: [digest: string, at: Milliseconds, authenticated: Milliseconds] | 0,
  userCreated?: Milliseconds,
];

const USUAL_METHOD = 'password';

export function encodeRecord({
  digest,
  createdAt,
  lastSeenAt,
  data,
  login,
}: SessionRecord): string {
  const stored: Stored = [
    digest,
    createdAt,
    lastSeenAt - createdAt,
    login ? encodeLogin(login, createdAt) : 0,
  ];
  const [values, flash] = [data.values, data.flash].map((kept) => Object.keys(kept).length > 0);
  if (values || flash) stored.push(values ? data.values : 0);
  if (flash) stored.push(data.flash);
  return JSON.stringify(stored);
}

function encodeLogin(login: LoginFacts, createdAt: Milliseconds): StoredLogin {
  const { epoch, authenticatedAt, absoluteExpiresAt, remember, methods, ip, userAgent } = login;
  const { replaced, userCreatedAt } = login;
  const usual = methods.length === 1 && methods[0] === USUAL_METHOD;
  const stored: StoredLogin = [
    epoch,
    authenticatedAt - createdAt,
    absoluteExpiresAt - createdAt,
    remember ? 1 : 0,
    usual ? 0 : methods,
    ip ?? 0,
    userAgent ?? 0,
  ];
  if (replaced) {
    const { digest, at } = replaced;
    stored.push([digest, at - createdAt, replaced.authenticatedAt - createdAt]);
  }
  if (userCreatedAt !== undefined)
    stored.push(...(replaced ? [] : [0 as const]), userCreatedAt - createdAt);
  return stored;
}

/** null: absent, or nothing that this project wrote; both count as no session. */
export function decodeRecord(text: string | null): SessionRecord | null {
  const stored = parseArray(text) as Partial<Stored> | null;
  if (stored === null) return null;
  const [digest, createdAt, seen, stands, values, flash] = stored;
  if (typeof digest !== 'string' || !isTime(createdAt)) return null;
  if (!isSpan(seen) || !isTime(createdAt + seen)) return null;
  const login = decodeLogin(stands, createdAt);
  if (login === undefined) return null;
  const data = { values: bare(values), flash: bare(flash) };
  return { digest, createdAt, lastSeenAt: createdAt + seen, data, login };
}

/** undefined: nothing that this project wrote. */
function decodeLogin(stored: unknown, createdAt: Milliseconds): LoginFacts | null | undefined {
  if (stored === 0) return null;
  if (!Array.isArray(stored)) return undefined;
  const [epoch, authenticated, absolute, remember, methods, ip, userAgent, replaced, userCreated] =
    stored as StoredLogin;
  if (!Number.isInteger(epoch) || !isSpan(authenticated) || !isSpan(absolute)) return undefined;
  if (!isTime(createdAt + authenticated) || !isTime(createdAt + absolute)) return undefined;
  if (methods !== 0 && !isTexts(methods)) return undefined;
  if (![ip, userAgent].every((text) => text === 0 || typeof text === 'string')) return undefined;
  if (replaced !== undefined && replaced !== 0 && !isReplaced(replaced)) return undefined;
  if (userCreated !== undefined && !isSpan(userCreated)) return undefined;
  return {
    epoch,
    authenticatedAt: createdAt + authenticated,
    absoluteExpiresAt: createdAt + absolute,
    remember: remember === 1,
    methods: methods === 0 ? [USUAL_METHOD] : methods,
    ip: ip === 0 ? null : ip,
    userAgent: userAgent === 0 ? null : userAgent,
    ...(userCreated !== undefined && { userCreatedAt: createdAt + userCreated }),
    ...(replaced && {
      replaced: {
        digest: replaced[0],
        at: createdAt + replaced[1],
        authenticatedAt: createdAt + replaced[2],
      },
    }),
  };
}

/** null: no JSON array. */
export function parseArray(text: string | null): unknown[] | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function isReplaced(value: unknown): value is Exclude<StoredLogin[7], 0 | undefined> {
  if (!Array.isArray(value)) return false;
  const [digest, at, authenticated] = value;
  return typeof digest === 'string' && isSpan(at) && isSpan(authenticated);
}

const isSpan = (value: unknown): value is number => typeof value === 'number';

/** An instant that a `Date` can hold (ECMA-262 section 21.4.1.1). */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const bare = (values?: Values | 0): Values => Object.assign(Object.create(null), values || {});

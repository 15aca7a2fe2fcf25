import type { Milliseconds } from '../time.ts';

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
  authenticatedAt: Milliseconds;
  /** The end whatever happens. */
  absoluteExpiresAt: Milliseconds;
  remember: boolean;
  methods: string[];
  ip: string | null;
  userAgent: string | null;
}

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

/** Short names, because a store holds millions of them. */
interface Stored {
  d: string;
  c: number;
  s: number;
  v?: Values;
  f?: Values;
  l?: { e: number; a: number; x: number; r?: 1; m: string[]; i?: string; u?: string };
}

export function encodeRecord({
  digest,
  createdAt,
  lastSeenAt,
  data,
  login,
}: SessionRecord): string {
  const stored: Stored = { d: digest, c: createdAt, s: lastSeenAt };
  if (Object.keys(data.values).length > 0) stored.v = data.values;
  if (Object.keys(data.flash).length > 0) stored.f = data.flash;
  if (login) {
    stored.l = {
      e: login.epoch,
      a: login.authenticatedAt,
      x: login.absoluteExpiresAt,
      ...(login.remember ? { r: 1 } : {}),
      m: login.methods,
      ...(login.ip === null ? {} : { i: login.ip }),
      ...(login.userAgent === null ? {} : { u: login.userAgent }),
    };
  }
  return JSON.stringify(stored);
}

/** null: absent, or nothing that this project wrote; both count as no session. */
export function decodeRecord(text: string | null): SessionRecord | null {
  const stored = parseObject<Stored>(text);
  if (stored === null || typeof stored.d !== 'string') return null;
  const { d: digest, c: createdAt, s: lastSeenAt, v: values, f: flash, l } = stored;
  if (!isTime(createdAt) || !isTime(lastSeenAt)) return null;
  const data = { values: bare(values), flash: bare(flash) };
  if (l === undefined) return { digest, createdAt, lastSeenAt, data, login: null };
  if (!isTime(l?.a) || !isTime(l.x) || !Number.isInteger(l.e) || !Array.isArray(l.m)) return null;
  const login = {
    epoch: l.e,
    authenticatedAt: l.a,
    absoluteExpiresAt: l.x,
    remember: l.r === 1,
    methods: l.m,
    ip: l.i ?? null,
    userAgent: l.u ?? null,
  };
  return { digest, createdAt, lastSeenAt, data, login };
}

/** null: no JSON object. */
export function parseObject<T extends object>(text: string | null): T | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

const isTime = (value: unknown): value is number => Number.isFinite(value);

const bare = (values?: Values): Values => Object.assign(Object.create(null), values);

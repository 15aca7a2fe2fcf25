import { parseCookieName, parseHsts, trustedOrigin } from './config-browsers.ts';
import { type LimitConfig, parseLimits } from './config-limits.ts';
import { type LookConfig, parseLook } from './config-look.ts';
import { type MailConfig, parseMail } from './config-mail.ts';
import { type PagesConfig, parsePages } from './config-pages.ts';
import {
  type DatabaseConfig,
  parseDatabase,
  parseRedis,
  type RedisConfig,
} from './config-stores.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { isLoopback, leadsHere } from './loopback.ts';
import type { CookieMode } from './session/cookie.ts';
import type { SettingName } from './setting-names.ts';
import {
  duration,
  durationUpTo,
  flag,
  list,
  listOf,
  noneOrUpTo,
  oneLine,
  oneOf,
  origin,
  type Platform,
  parentDomain,
  SettingError,
  Settings,
  whole,
} from './settings.ts';
import { days, hours, type Milliseconds, minutes, seconds } from './time.ts';

export interface Lifetimes {
  /** A session ends when nobody has used it for so long. */
  idle: Milliseconds;
  /** A session ends after so long, however much it was used. */
  absolute: Milliseconds;
}

export interface Config extends PagesConfig {
  port: number;
  host: string;
  /** How long Node keeps a connection that nobody uses. */
  keepAlive: Milliseconds;
  /** After SIGTERM a Node server goes on so long before it listens no more, and is not ready. */
  drain: Milliseconds;
  dataDir: string;
  /** Scheme, host and port of the public address. */
  baseUrl: string;
  /** The public address is https, so cookies are `Secure` and browsers are told to stay on it. */
  secure: boolean;
  /** Exact origins of frontends. */
  trustedOrigins: string[];
  /** Addresses and ranges of proxies whose forwarded headers count, on Node. */
  trustProxy: string[];
  /** The first signs, all verify. Empty: one is to be made and kept in the data folder. */
  sessionSecrets: string[];
  redis: RedisConfig;
  database: DatabaseConfig;
  plain: Lifetimes;
  remembered: Lifetimes;
  sessionMaxPerUser: number;
  /** Session data keys that an anonymous session hands to the signed-in one. */
  sessionKeepOnLogin: string[];
  /** The value of `Strict-Transport-Security`; null where it is not sent. */
  hsts: string | null;
  /** Stem of the names of all cookies, without prefix. */
  cookieName: string;
  /** null: the cookie belongs to the host alone. */
  cookieDomain: string | null;
  cookieMode: CookieMode;
  bcryptCost: number;
  passwordMinLength: number;
  /** Asks an outside service whether a new password is known from a breach. */
  passwordBreachCheck: boolean;
  /** null: as many as there are cores. */
  hashConcurrency: number | null;
  hashQueue: number;
  limits: LimitConfig;
  registration: Registration;
  mail: MailConfig;
  /** Security events are kept so long. */
  auditKeep: Milliseconds;
  appName: string;
  look: LookConfig;
  logLevel: LogLevel;
}

/**
 * `open`: anybody makes an account at once. `verified`: by a mailed link, and no answer tells whether
 * an address is taken. `closed`: admins invite.
 */
export type Registration = 'open' | 'verified' | 'closed';

/**
 * The only reader of the environment. Checks every setting, and throws a `SettingError` that names
 * the first one that can't be used.
 */
export function parseConfig(env: Record<string, unknown>, platform: Platform): Config {
  const settings = new Settings(env);
  const port = settings.get('PORT', 3000, whole(0, 65_535));
  const baseUrl = settings.get('BASE_URL', `http://localhost:${port}`, origin);
  const redis = parseRedis(settings, platform);
  const allowInsecure = settings.get('ALLOW_INSECURE', false, flag);
  const secure = checkSecure(baseUrl, allowInsecure);
  const trustedOrigins = settings.get('TRUSTED_ORIGINS', [], listOf(trustedOrigin));
  const mail = parseMail(settings, platform, { baseUrl });
  return {
    port,
    host: settings.text('HOST') ?? '127.0.0.1',
    keepAlive: settings.get('KEEP_ALIVE', seconds(75), durationUpTo(hours(1))),
    drain: settings.get('DRAIN', seconds(5), noneOrUpTo(minutes(10))),
    dataDir: settings.text('DATA_DIR') ?? 'data',
    baseUrl,
    secure,
    ...parsePages(settings, { baseUrl, allowInsecure }),
    trustedOrigins,
    hsts: parseHsts(settings, baseUrl),
    cookieName: parseCookieName(settings),
    cookieMode: parseCookieMode(settings, { secure, trustedOrigins }),
    trustProxy: settings.get('TRUST_PROXY', [], list),
    sessionSecrets: parseSecrets(settings, redis.kind === 'embedded'),
    redis,
    database: parseDatabase(settings, platform),
    plain: lifetimes(settings, 'SESSION_IDLE', hours(1), 'SESSION_LIFETIME', hours(24)),
    remembered: lifetimes(settings, 'REMEMBER_IDLE', days(14), 'REMEMBER_LIFETIME', days(30)),
    sessionMaxPerUser: settings.get('SESSION_MAX_PER_USER', 50, whole(1, 1000)),
    sessionKeepOnLogin: settings.get('SESSION_KEEP_ON_LOGIN', [], list),
    cookieDomain: settings.get('COOKIE_DOMAIN', null, (text) => parentDomain(text, baseUrl)),
    bcryptCost: settings.get('BCRYPT_COST', platform === 'node' ? 12 : 10, whole(4, 20)),
    passwordMinLength: settings.get('PASSWORD_MIN_LENGTH', 12, whole(1, 64)),
    passwordBreachCheck: settings.get('PASSWORD_BREACH_CHECK', false, flag),
    hashConcurrency: settings.get('HASH_CONCURRENCY', null, whole(1, 1024)),
    hashQueue: settings.get('HASH_QUEUE', 16, whole(0, 100_000)),
    limits: parseLimits(settings, leadsHere(baseUrl)),
    registration: parseRegistration(settings, mail),
    mail,
    auditKeep: settings.get('AUDIT_KEEP', days(90), duration),
    appName: settings.get('APP_NAME', 'Gatehouse', oneLine),
    look: parseLook(settings),
    logLevel: settings.get('LOG_LEVEL', 'info', oneOf(...LOG_LEVELS)),
  };
}

/** Throws where browsers would drop the cookie, or never send it. */
function parseCookieMode(
  settings: Settings,
  { secure, trustedOrigins }: Pick<Config, 'secure' | 'trustedOrigins'>,
): CookieMode {
  const mode = settings.get('COOKIE_MODE', 'same-site', oneOf('same-site', 'cross-site'));
  if (mode === 'cross-site' && !secure) {
    throw new SettingError(
      'COOKIE_MODE',
      '"cross-site" needs an https BASE_URL: browsers drop such a cookie without Secure',
    );
  }
  if (mode === 'cross-site' && trustedOrigins.length === 0) {
    throw new SettingError(
      'COOKIE_MODE',
      '"cross-site" needs TRUSTED_ORIGINS: without it no other site may use the cookie',
    );
  }
  return mode;
}

/** Cookies of a plain-http site are readable on the way, so that is for loopback or on request. */
function checkSecure(baseUrl: string, allowInsecure: boolean): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'https:') return true;
  if (!isLoopback(hostname) && !allowInsecure) {
    throw new SettingError(
      'BASE_URL',
      `"${baseUrl}" is plain http off loopback; use https, or set ALLOW_INSECURE=true`,
    );
  }
  return false;
}

function parseRegistration(settings: Settings, mail: MailConfig): Registration {
  const name = 'REGISTRATION';
  const registration = settings.get(name, 'open', oneOf('open', 'verified', 'closed'));
  if (registration === 'verified' && mail.kind === 'none') {
    throw new SettingError(name, '"verified" needs mail: set MAIL_URL, such as resend:KEY');
  }
  return registration;
}

function parseSecrets(settings: Settings, mayBeMade: boolean): string[] {
  const name = 'SESSION_SECRET';
  const secrets = settings.get(name, [], list);
  if (secrets.some((secret) => secret.length < 32)) {
    throw new SettingError(name, 'each secret needs at least 32 characters: openssl rand -hex 32');
  }
  if (secrets.length === 0 && !mayBeMade) {
    throw new SettingError(name, 'is required with a Redis store; make one: openssl rand -hex 32');
  }
  return secrets;
}

function lifetimes(
  settings: Settings,
  idleName: SettingName,
  idle: Milliseconds,
  absoluteName: SettingName,
  absolute: Milliseconds,
): Lifetimes {
  return {
    idle: settings.get(idleName, idle, duration),
    absolute: settings.get(absoluteName, absolute, duration),
  };
}

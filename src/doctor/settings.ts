import type { Config } from '../config.ts';
import { isLoopback, isPrivate, leadsHere } from '../loopback.ts';
import { keepsMail, NO_TRANSPORT } from '../node/mail.ts';
import { type Finding, findingsOn } from './findings.ts';

const { warn } = findingsOn('settings');

/** Settings that are allowed and risky. Says nothing of those that are fine. */
export const riskySettings = (config: Config): Finding[] => [
  ...riskyAddresses(config),
  ...weakHsts(config),
  ...riskySecrets(config.sessionSecrets),
  ...idleLifetimes(config),
  ...riskyPasswords(config),
  ...halfShared(config),
  ...openTransports(config),
  ...(keepsMail(config) ? [warn(`${capital(NO_TRANSPORT)}.`)] : []),
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function* riskyAddresses({ baseUrl, host, trustProxy, trustedOrigins }: Config) {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    yield warn(
      `ALLOW_INSECURE=true lets BASE_URL=${baseUrl} be plain http: anybody on the way can read ` +
        'passwords and cookies. Set BASE_URL to an https address.',
    );
  }
  if (isLoopback(hostname) && !isLoopback(host)) {
    yield warn(
      `HOST=${host} lets other machines connect, and BASE_URL=${baseUrl} is of this one alone. ` +
        'Set BASE_URL to the address that people see.',
    );
  }
  if (protocol === 'https:' && trustProxy.length === 0) {
    yield warn(
      'BASE_URL is https, so a Node server stands behind a proxy, and TRUST_PROXY is empty: failed ' +
        'logins of all people count as those of one. Set TRUST_PROXY to the address of the proxy ' +
        '(Workers do not need it).',
    );
  }
  for (const origin of trustedOrigins) {
    if (!origin.startsWith('http:') || leadsHere(origin)) continue;
    yield warn(
      `TRUSTED_ORIGINS has ${origin}, plain http: whoever is on the way can change its pages and ` +
        'act for those who are signed in. Serve it on https.',
    );
  }
}

/** Whoever types an address without a scheme asks over http first, and cookies reach subdomains. */
function* weakHsts({ secure, baseUrl, hsts }: Config) {
  if (!secure || leadsHere(baseUrl)) return;
  if (hsts === null) {
    yield warn(
      'HSTS=off: browsers may come over http, where somebody on the way can answer. Unset HSTS when ' +
        'all of the host is on https.',
    );
  } else if (!hsts.includes('includeSubDomains')) {
    yield warn(
      `HSTS is without includeSubDomains: pages on http://x.${new URL(baseUrl).hostname} can be made ` +
        'up on the way, and set cookies for this host. Add "; includeSubDomains" when all are on https.',
    );
  }
}

/** More than enough to change one secret for another, and then again. */
const MANY_SECRETS = 3;

function* riskySecrets(secrets: readonly string[]) {
  const guessable = secrets.findIndex(isGuessable);
  if (guessable >= 0) {
    const which = secrets.length > 1 ? ` (number ${guessable + 1})` : '';
    yield warn(
      `SESSION_SECRET${which} looks as if somebody had typed it. Make one: openssl rand -hex 32`,
    );
  }
  if (secrets.length > MANY_SECRETS) {
    yield warn(
      `SESSION_SECRET has ${secrets.length} secrets. An old one is needed only until the last ` +
        'session that it signed has ended (REMEMBER_LIFETIME); take the others out.',
    );
  }
}

/** Few different characters, a repeated piece, or words of examples. Drawn ones have none of it. */
function isGuessable(secret: string): boolean {
  const few = new Set(secret).size < 8;
  const repeated = /^(.{1,16})\1+$/.test(secret);
  return few || repeated || /secret|password|change.?me|example|gatehouse/i.test(secret);
}

function* idleLifetimes({ plain, remembered }: Config) {
  for (const [kind, { idle, absolute }] of Object.entries({
    SESSION: plain,
    REMEMBER: remembered,
  })) {
    if (idle <= absolute) continue;
    yield warn(
      `${kind}_IDLE is longer than ${kind}_LIFETIME, which ends every session before that.`,
    );
  }
}

function* riskyPasswords({ bcryptCost, passwordMinLength }: Config) {
  if (bcryptCost < 10) {
    yield warn(
      `BCRYPT_COST=${bcryptCost} makes stolen hashes cheap to try. Set BCRYPT_COST=10 or more.`,
    );
  }
  // ASVS 6.2.1
  if (passwordMinLength < 8) {
    yield warn(`PASSWORD_MIN_LENGTH=${passwordMinLength} is below 8, the least that is safe.`);
  }
}

function* halfShared({ redis, database }: Config) {
  if (redis.kind === 'embedded' && database.kind === 'remote') {
    yield warn(
      'Users are on a server and sessions in a file of this machine: a second process would not ' +
        'know them. For more than one set REDIS_URL or UPSTASH_REDIS_REST_URL.',
    );
  }
  if (redis.kind !== 'embedded' && database.kind === 'file') {
    yield warn(
      'Sessions are on a server and users in a file of this machine: a second process would not ' +
        'know them. For more than one set TURSO_DATABASE_URL.',
    );
  }
}

/** Stores that are reached in plain text over a network that others may share. */
function* openTransports({ redis, database }: Config) {
  const addresses = {
    REDIS_URL: redis.kind === 'tcp' ? redis.url : null,
    UPSTASH_REDIS_REST_URL: redis.kind === 'rest' ? redis.url : null,
    TURSO_DATABASE_URL: database.kind === 'remote' ? database.url : null,
  };
  for (const [name, address] of Object.entries(addresses)) {
    if (address === null || !/^(http|redis):/i.test(address)) continue;
    const { hostname } = new URL(address);
    if (isPrivate(hostname)) continue;
    const safe = name === 'REDIS_URL' ? 'rediss://' : 'https://';
    yield warn(
      `${name} reaches ${hostname} in plain text, password included. Use a ${safe} address.`,
    );
  }
}

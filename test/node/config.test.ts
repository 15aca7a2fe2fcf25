import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { refusalOf } from '../support/settings.ts';

type Env = Record<string, unknown>;

const SECRET = 'secret of the tests with 32 characters or more';

/** The least that Workers need. */
const WORKERS: Env = {
  SESSION_SECRET: SECRET,
  UPSTASH_REDIS_REST_URL: 'https://redis.example.com',
  UPSTASH_REDIS_REST_TOKEN: 'hunter2-token',
  TURSO_DATABASE_URL: 'libsql://db.example.com',
};

const onNode = (env: Env = {}) => parseConfig(env, 'node');
const onWorkers = (env: Env = {}) => parseConfig({ ...WORKERS, ...env }, 'workers');

/** The line that a wrong setting stops the program with. */
const problem = (env: Env, parse: (env: Env) => unknown = onNode) => refusalOf(() => parse(env));

/** What the number of a port changes. */
const on = (port: number) => {
  const baseUrl = `http://localhost:${port}`;
  return { port, baseUrl, linksUrl: baseUrl };
};

/** What a setting is given, and what it then changes of the defaults of Node. */
const GOOD: [name: string, text: string, changes: object][] = [
  ['PORT', '8080', on(8080)],
  ['PORT', ' 65535 ', on(65_535)],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  ['KEEP_ALIVE', '1h', { keepAlive: hours(1) }],
  ['TRUST_PROXY', '10.0.0.0/8, ::1', { trustProxy: ['10.0.0.0/8', '::1'] }],
  ['REGISTRATION', 'open', {}],
  ['COOKIE_MODE', 'same-site', {}],
  ['DATA_DIR', '/var/lib/gatehouse', { dataDir: '/var/lib/gatehouse' }],
  ['TRUSTED_ORIGINS', 'https://a.example', { trustedOrigins: ['https://a.example'] }],
  [
    'TRUSTED_ORIGINS',
    ' https://A.example/ ,, http://localhost:5173,',
    { trustedOrigins: ['https://a.example', 'http://localhost:5173'] },
  ],
  [
    'TRUSTED_ORIGINS',
    'capacitor://localhost/, moz-extension://ab-12, App://Home:8080',
    { trustedOrigins: ['capacitor://localhost', 'moz-extension://ab-12', 'app://Home:8080'] },
  ],
  ['COOKIE_NAME', 'shop.auth-1', { cookieName: 'shop.auth-1' }],
  ['HSTS', 'off', {}],
  ['HSTS', '730d; includeSubDomains', {}],
  ['SESSION_SECRET', 'x'.repeat(32), { sessionSecrets: ['x'.repeat(32)] }],
  [
    'SESSION_SECRET',
    ` ${'x'.repeat(32)} , ${SECRET},`,
    { sessionSecrets: ['x'.repeat(32), SECRET] },
  ],
  ['SESSION_IDLE', '30s', { plain: { idle: seconds(30), absolute: hours(24) } }],
  ['SESSION_LIFETIME', '10m', { plain: { idle: hours(1), absolute: minutes(10) } }],
  ['REMEMBER_IDLE', '400d', { remembered: { idle: days(400), absolute: days(30) } }],
  ['REMEMBER_LIFETIME', '9600h', { remembered: { idle: days(14), absolute: days(400) } }],
  ['SESSION_MAX_PER_USER', '1', { sessionMaxPerUser: 1 }],
  ['SESSION_MAX_PER_USER', '1000', { sessionMaxPerUser: 1000 }],
  ['BCRYPT_COST', '4', { bcryptCost: 4 }],
  ['BCRYPT_COST', '20', { bcryptCost: 20 }],
  ['PASSWORD_MIN_LENGTH', '1', { passwordMinLength: 1 }],
  ['PASSWORD_MIN_LENGTH', '64', { passwordMinLength: 64 }],
  ['HASH_CONCURRENCY', '1', { hashConcurrency: 1 }],
  ['HASH_QUEUE', '0', { hashQueue: 0 }],
  ['SESSION_KEEP_ON_LOGIN', 'cart, views ,', { sessionKeepOnLogin: ['cart', 'views'] }],
  ['REGISTRATION', 'verified', { registration: 'verified' }],
  ['REGISTRATION', 'closed', { registration: 'closed' }],
  ['AUDIT_KEEP', '30d', { auditKeep: days(30) }],
  ['PASSWORD_BREACH_CHECK', 'true', { passwordBreachCheck: true }],
  ['APP_URL', 'https://App.example', { appUrl: 'https://app.example/', frontPage: 'account' }],
  ['APP_URL', 'https://a.example/x/', { appUrl: 'https://a.example/x', frontPage: 'account' }],
  ['FRONT_PAGE', 'account', { frontPage: 'account' }],
  ['LINKS_URL', 'https://App.example/', { linksUrl: 'https://app.example' }],
  ['LINKS_URL', 'https://a.example:8443/app//', { linksUrl: 'https://a.example:8443/app' }],
  ['LINKS_URL', 'http://localhost:5173', { linksUrl: 'http://localhost:5173' }],
  ['APP_NAME', 'Zoë’s, Inc.', { appName: 'Zoë’s, Inc.' }],
];

/** Values that each stop the program. */
const BAD: Record<string, string[]> = {
  APP_NAME: ['Ada\r\nBcc: bob@example.com', 'a\u0000b'],
  APP_URL: ['app.example', '/app', 'http://a.example', 'https://ada:hunter2@a.example'],
  FRONT_PAGE: ['Panel', 'none'],
  LINKS_URL: [
    ...['app.example', '/app', 'ftp://a.example', 'http://a.example', 'javascript:alert(1)'],
    ...['https://ada:hunter2@a.example', 'https://a.example/?x=hunter2', 'https://a.example/#x'],
  ],
  REGISTRATION: ['Open', 'yes'],
  AUDIT_KEEP: ['90', '0d'],
  PASSWORD_BREACH_CHECK: ['yes'],
  COOKIE_MODE: ['cross-site', 'Same-Site', 'none', 'lax'],
  PORT: ['-1', '65536', '80.5', '8e3', '0x50', 'http', '٣'],
  KEEP_ALIVE: ['75', '0s', '61m', '2d'],
  HSTS: ['731d', '1d; preload', 'includeSubDomains', 'on', '-1d', '2y', 'max-age=1'],
  COOKIE_NAME: ['a b', 'a=b', 'a;b', '__Host-a', '__secure-a', 'ü', 'x'.repeat(65)],
  ALLOW_INSECURE: ['yes', '1', 'TRUE', 'False'],
  TRUSTED_ORIGINS: [
    ...['a.example', '*', 'null', 'https://a.example/path', 'ftp://a.example'],
    ...['https://*.example.com', 'https://*', 'capacitor://', 'capacitor://a/b', 'wails://wails'],
    ...['capacitor://a?b', 'file:///index.html', 'chrome-extension://a@b'],
    'https://a.example,https://ada:hunter2@b.example/x',
  ],
  SESSION_SECRET: ['hunter2'.padEnd(31, 'x'), `${SECRET},hunter2`, 'hunter2,hunter2'],
  SESSION_IDLE: ['0s', '60', '1 h', '1w', '-1h', '1.5h', '401d', '1H', '9999999999s'],
  SESSION_LIFETIME: ['0d', '500d', 'forever'],
  REMEMBER_IDLE: ['0h', 'd'],
  REMEMBER_LIFETIME: ['0m', '30'],
  SESSION_MAX_PER_USER: ['0', '1001', '-5', 'many'],
  BCRYPT_COST: ['3', '21', '12.0', 'high'],
  PASSWORD_MIN_LENGTH: ['0', '65'],
  HASH_CONCURRENCY: ['0', '1025'],
  HASH_QUEUE: ['-1', '100001'],
};

const LIMITS = {
  loginAccount: { free: 5, first: seconds(30), longest: hours(1) },
  loginAddress: { count: 10, window: minutes(10) },
  register: { count: 60, window: hours(1) },
  anonymous: { count: 30, window: hours(1) },
  forgotAccount: { count: 3, window: hours(1) },
  forgotAddress: { count: 10, window: hours(1) },
  mail: { count: 3, window: hours(1) },
  token: { count: 20, window: minutes(10) },
  password: { count: 5, window: minutes(10) },
  writes: { count: 300, window: minutes(10) },
};

/** A developer's machine is one address, and nobody waits there for long. */
const LOCAL_LIMITS = {
  ...LIMITS,
  loginAccount: { ...LIMITS.loginAccount, longest: minutes(1) },
  loginAddress: { count: 1000, window: minutes(10) },
  register: { count: 6000, window: hours(1) },
  anonymous: { count: 3000, window: hours(1) },
  forgotAddress: { count: 1000, window: hours(1) },
  token: { count: 2000, window: minutes(10) },
};

describe('the defaults', () => {
  const shared = {
    port: 3000,
    host: '127.0.0.1',
    keepAlive: seconds(75),
    drain: seconds(5),
    dataDir: 'data',
    baseUrl: 'http://localhost:3000',
    linksUrl: 'http://localhost:3000',
    appUrl: null,
    frontPage: 'panel',
    secure: false,
    hsts: null,
    cookieName: 'gatehouse',
    trustProxy: [],
    trustedOrigins: [],
    plain: { idle: hours(1), absolute: hours(24) },
    remembered: { idle: days(14), absolute: days(30) },
    sessionMaxPerUser: 50,
    sessionKeepOnLogin: [],
    cookieDomain: null,
    passwordMinLength: 12,
    hashConcurrency: null,
    hashQueue: 16,
    passwordBreachCheck: false,
    registration: 'open',
    auditKeep: days(90),
    cookieMode: 'same-site',
    limits: LOCAL_LIMITS,
    appName: 'Gatehouse',
    look: { logo: null, color: '#2c6152', stylesheet: null },
    logLevel: 'info',
  };

  it('are enough on Node', () => {
    expect(onNode()).toEqual({
      ...shared,
      sessionSecrets: [],
      redis: { kind: 'embedded' },
      database: { kind: 'file', path: null },
      mail: { kind: 'outbox', from: { name: '', address: 'gatehouse@localhost' } },
      bcryptCost: 12,
    });
  });

  it('limit more strictly where others reach the server, whatever it listens on', () => {
    expect(onNode({ BASE_URL: 'https://auth.example.com' }).limits).toEqual(LIMITS);
  });

  it('on Workers differ in the cost, and need a store, a database and a secret', () => {
    expect(onWorkers()).toEqual({
      ...shared,
      sessionSecrets: [SECRET],
      redis: { kind: 'rest', url: 'https://redis.example.com/', token: 'hunter2-token' },
      database: { kind: 'remote', url: 'libsql://db.example.com', authToken: undefined },
      mail: { kind: 'none' },
      bcryptCost: 10,
    });
  });

  it('stand for what is empty or white space', () => {
    const names = [...GOOD.map(([name]) => name), ...Object.keys({ ...WORKERS, ...BAD })];
    names.push('BASE_URL', 'COOKIE_DOMAIN', 'REDIS_URL');
    const empty = names.map((name, at) => [name, at % 2 ? '' : ' \t ']);
    expect(onNode(Object.fromEntries(empty))).toEqual(onNode());
  });
});

describe('a setting', () => {
  it.each(GOOD)('%s may be %j', (name, text, changes) => {
    expect(onNode({ [name]: text })).toEqual({ ...onNode(), ...changes });
  });

  const bad = Object.entries(BAD).flatMap(([name, texts]) => texts.map((text) => [name, text]));
  it.each(bad as [string, string][])('%s can not be %j, as one line says', (name, text) => {
    const message = problem({ ...WORKERS, [name]: text });
    expect(message).toMatch(new RegExp(`^${name}: [^\n]{10,150}$`));
    expect(message).not.toContain('hunter2');
  });

  it('of TRUSTED_ORIGINS that has a wildcard is told from other mistakes', () => {
    const message = problem({ TRUSTED_ORIGINS: 'https://*.example.com' });
    expect(message).toMatch(
      /^TRUSTED_ORIGINS: "https:..\*.example.com": has a wildcard; name each/,
    );
  });

  it('names the one of several that is wrong', () => {
    const message = problem({ TRUSTED_ORIGINS: 'https://a.example, localhost:5173' });
    expect(message).toMatch(/^TRUSTED_ORIGINS: "localhost:5173": is not an address/);
  });

  it('of COOKIE_MODE works where browsers keep and send the cookie', () => {
    const env = { COOKIE_MODE: 'cross-site', BASE_URL: 'https://auth.example.net' };
    const trusted = { ...env, TRUSTED_ORIGINS: 'https://app.example.com' };
    for (const parse of [onNode, onWorkers]) {
      expect(parse(trusted).cookieMode).toBe('cross-site');
      expect(problem(env, parse)).toMatch(/^COOKIE_MODE: .*TRUSTED_ORIGINS/);
      const plain = { ...trusted, BASE_URL: 'http://auth.example.net', ALLOW_INSECURE: 'true' };
      expect(problem(plain, parse)).toMatch(/^COOKIE_MODE: .*https/);
    }
  });

  it('of FRONT_PAGE follows where people are', () => {
    const there = { BASE_URL: 'https://auth.example.com' };
    expect(onNode(there).frontPage).toBe('account');
    expect(onNode({ ...there, FRONT_PAGE: 'panel' }).frontPage).toBe('panel');
    const both = { APP_URL: 'https://app.example', FRONT_PAGE: 'panel' };
    expect(onNode(both).frontPage).toBe('panel');
  });

  it('that spans lines is still refused in one line', () => {
    expect(problem({ PORT: '30\n00' })).toMatch(/^PORT: .+$/);
    expect(problem({ SESSION_IDLE: '1h\r\nINFO: all is well' })).toMatch(/^SESSION_IDLE: .+$/);
  });

  it('counts as well where a Worker binds it as a number or a boolean', () => {
    expect(onWorkers({ BCRYPT_COST: 12 }).bcryptCost).toBe(12);
    expect(onWorkers({ BASE_URL: 'http://example.com', ALLOW_INSECURE: true }).secure).toBe(false);
  });
});

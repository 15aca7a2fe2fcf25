import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Platform } from '../../src/settings.ts';
import { refusalOf } from '../support/settings.ts';

type Env = Record<string, string>;

const SECRET = { SESSION_SECRET: 'x'.repeat(32) };
const URL = { UPSTASH_REDIS_REST_URL: 'https://redis.example' };
const TOKEN = { UPSTASH_REDIS_REST_TOKEN: 'hunter2' };
const WORKERS: Env = { ...SECRET, ...URL, ...TOKEN, TURSO_DATABASE_URL: 'libsql://db.example' };

const parse = (env: Env, platform: Platform = 'node') => parseConfig(env, platform);

/** The one line that says what is wrong, and shows no secret. */
function problem(env: Env, platform: Platform = 'node'): string {
  const message = refusalOf(() => parse(env, platform));
  expect(message).toMatch(/^.{10,150}$/);
  expect(message).not.toContain('hunter2');
  return message;
}

describe('sessions', () => {
  it('are kept in a file where nothing else is said', () => {
    expect(parse({}).redis).toEqual({ kind: 'embedded' });
  });

  it('are kept in Redis over REST', () => {
    expect(parse({ ...SECRET, ...URL, ...TOKEN }).redis).toEqual({
      ...{ kind: 'rest', url: 'https://redis.example/', token: 'hunter2' },
    });
  });

  it.each(['redis://localhost:6379', 'rediss://me:hunter2@r.example/3'])(
    'are kept in %s',
    (url) => {
      expect(parse({ ...SECRET, REDIS_URL: url }).redis).toEqual({ kind: 'tcp', url });
    },
  );

  it('outside of the data folder need a secret that every process shares', () => {
    const required = /^SESSION_SECRET: .*openssl rand -hex 32$/;
    expect(problem({ ...URL, ...TOKEN })).toMatch(required);
    expect(problem({ REDIS_URL: 'redis://localhost' })).toMatch(required);
  });

  it('are not kept in a store that is half configured, or in two', () => {
    expect(problem({ ...SECRET, ...URL })).toMatch(/^UPSTASH_REDIS_REST_TOKEN: /);
    expect(problem({ ...SECRET, ...TOKEN })).toMatch(/^UPSTASH_REDIS_REST_URL: /);
    const two = { ...SECRET, ...URL, ...TOKEN, REDIS_URL: 'redis://localhost' };
    expect(problem(two)).toMatch(/^REDIS_URL: /);
  });

  it.each(['hunter2.example', 'redis://hunter2.example', 'localhost:8079'])(
    'have no REST store at %s',
    (url) => {
      const env = { ...SECRET, ...TOKEN, UPSTASH_REDIS_REST_URL: url };
      expect(problem(env)).toMatch(/^UPSTASH_REDIS_REST_URL: /);
    },
  );

  it.each([
    ['redis://:hunter2%@r.example', 'holds a bare "%"; in a user or password write %25'],
    ['redis://:hunter2%zz@r.example', 'holds a bare "%"'],
    ['redis://:hunter2#x@r.example', 'holds a bare "#"; in a user or password write %23'],
    ['redis://:hunter2?x@r.example', 'holds a bare "?"'],
    ['redis://:hunter2/x@r.example', 'holds a "/" before its "@"; write %2F'],
    ['redis://:hunter2%ff@r.example', 'is not an address such as'],
    ['redis://r.example/hunter2', 'is not an address such as'],
  ])('are told what is wrong with a Redis at %s', (url, text) => {
    expect(problem({ ...SECRET, REDIS_URL: url })).toContain(`REDIS_URL: ${text}`);
  });

  it.each(['localhost:6379', 'http://hunter2.example', 'redis:hunter2'])(
    'have no Redis at %s',
    (url) => {
      expect(problem({ ...SECRET, REDIS_URL: url })).toMatch(/^REDIS_URL: /);
    },
  );
});

describe('users', () => {
  it.each([
    ['file:local.db', 'local.db'],
    ['file:/data/a.db', '/data/a.db'],
    ['file:///data/a.db', '/data/a.db'],
    ['file:a%20b%25%23%3F.db', 'a b%#?.db'],
  ])('are kept in %s', (url, path) => {
    expect(parse({ TURSO_DATABASE_URL: url }).database).toEqual({ kind: 'file', path });
  });

  it.each(['libsql://db.example', 'https://db.example', 'http://127.0.0.1:8080'])(
    'are kept at %s',
    (url) => {
      const remote = { kind: 'remote', url, authToken: undefined };
      expect(parse({ TURSO_DATABASE_URL: url }).database).toEqual(remote);
      const env = { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: ' hunter2 ' };
      expect(parse(env).database).toEqual({ ...remote, authToken: 'hunter2' });
    },
  );

  it.each([
    'hunter2.db',
    'ws://hunter2.example',
    'libsql:hunter2',
    '/hunter2.db',
    'file:',
    'file:hunter2%.db',
    'file:hunter2?x.db',
    'file:hunter2#x.db',
    'file:hunter2%ff.db',
    'libsql://',
    'libsql://me:hunter2@d.example',
  ])('are not kept in %j', (url) => {
    expect(problem({ TURSO_DATABASE_URL: url })).toMatch(/^TURSO_DATABASE_URL: /);
  });
});

describe('Workers', () => {
  it('have a store and a database', () => {
    expect(parse(WORKERS, 'workers')).toMatchObject({
      redis: { kind: 'rest', url: 'https://redis.example/', token: 'hunter2' },
      database: { kind: 'remote', url: 'libsql://db.example' },
    });
  });

  it.each(Object.keys(WORKERS))('need %s', (name) => {
    const message = problem({ ...WORKERS, [name]: '' }, 'workers');
    expect(message).toMatch(new RegExp(`^${name}: is required .+$`));
  });

  it('have neither files nor TCP', () => {
    const file = { ...WORKERS, TURSO_DATABASE_URL: 'file:local.db' };
    expect(problem(file, 'workers')).toMatch(/^TURSO_DATABASE_URL: /);
    const { SESSION_SECRET = '', TURSO_DATABASE_URL = '' } = WORKERS;
    const tcp = { SESSION_SECRET, TURSO_DATABASE_URL, REDIS_URL: 'redis://me:hunter2@r.example' };
    expect(problem(tcp, 'workers')).toMatch(/^REDIS_URL: /);
  });
});

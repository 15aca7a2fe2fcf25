import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeRetention, readRetention } from '../../src/doctor/retention.ts';
import { commandsOf } from '../../src/redis/dialect.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { type CommandExecutor, serveRest } from '../../src/redis/rest-server.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { hasRedisServer, startGateway, startRedis } from '../support/redis-server.ts';
import { start, temporaryFolder } from '../support/server.ts';

const SECRET = 'd2f8b1c94e7a60358f1d2c3b4a5968778695a4b3c2d1e0f9';

type Execute = CommandExecutor['execute'];

/** A Redis REST store that stands in for one with a fault of its own, and the doctor's word on it. */
async function lookAt(behaviour: (inner: Execute) => Execute, now?: () => number) {
  const store = createEmbedded({ path: ':memory:', ...(now ? { clock: { now } } : {}) });
  const { execute, transaction } = commandsOf(store);
  const executor = { execute: behaviour(execute), transaction };
  const { url, close } = await serveRest({
    executor: (token) => (token === 'hunter2' ? executor : null),
    port: 0,
  });
  onTestFinished(async () => {
    await close();
    await store.close();
  });
  return (token = 'hunter2') =>
    doctor({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token });
}

async function doctor(env: Record<string, string>) {
  const settings = { DATA_DIR: temporaryFolder(), SESSION_SECRET: SECRET, ...env };
  const { code, out, err } = await gatehouse(settings, ['doctor']);
  expect(err).toBe('');
  expect(out).not.toMatch(/hunter2|d2f8b1c9/);
  return { code, lines: out.split('\n').filter((line) => / {2}store {2}/.test(line)) };
}

const wrong = (lines: string[]) => lines.filter((line) => line.startsWith('wrong'));

describe('the doctor', () => {
  it('finds nothing wrong with a store that works, and leaves nothing in it', async () => {
    const left = new Set<string>();
    const look = await lookAt((inner) => (command) => {
      const [name = '', ...keys] = command;
      if (name.toUpperCase() === 'SET') left.add(keys[0] ?? '');
      if (name.toUpperCase() === 'DEL') for (const key of keys) left.delete(key);
      return inner(command);
    });
    const { code, lines } = await look();
    expect(
      lines.map((line) => line.replace(/\d+\.\d ms/, '1 ms').replace(/(127\.0\.0\.1):\d+ /, '$1 ')),
    ).toEqual([
      'ok     store     127.0.0.1 answers in 1 ms.',
      'ok     store     Values are kept and deleted.',
      'ok     store     Scripts (EVAL) replace what was read only.',
      'ok     store     Values expire when they should.',
      'ok     store     10 of 10 values were read by a second connection as soon as written, so reads go to a primary, as far as can be told from here.',
      'warn   store     What 127.0.0.1 deletes when its memory is full can not be seen from here. It should delete nothing: maxmemory-policy noeviction, or at a provider: eviction off.',
      'warn   store     Whether 127.0.0.1 keeps what is written over a restart can not be seen from here. It should keep each write: appendonly yes, or at a provider: persistence by an append-only file.',
    ]);
    expect(code).toBe(0);
    expect([...left]).toEqual([]);
  }, 20_000);

  it.each<[string, (inner: Execute) => Execute, string]>([
    [
      'refuses scripts',
      (inner) => async (command) => {
        if (/eval/i.test(command[0] ?? '')) throw new Error('NOPERM no permission to run eval');
        return inner(command);
      },
      'does not carry out scripts (EVAL): ',
    ],
    [
      'takes scripts for plain writes',
      (inner) => async (command) => (/eval/i.test(command[0] ?? '') ? 1 : inner(command)),
      'replaced what it should not',
    ],
    [
      'deletes nothing',
      (inner) => async (command) => (/del/i.test(command[0] ?? '') ? 1 : inner(command)),
      'A value that was deleted is still there: nobody can sign out.',
    ],
  ])(
    'sees that a store %s',
    async (_what, behaviour, text) => {
      const { code, lines } = await (await lookAt(behaviour))();
      expect(wrong(lines)).toEqual([expect.stringContaining(text)]);
      expect(code).toBe(1);
    },
    20_000,
  );

  it('sees that a store forgets to let values expire', async () => {
    const { code, lines } = await (
      await lookAt(
        (inner) => inner,
        () => 0,
      )
    )();
    expect(wrong(lines)).toEqual([expect.stringContaining('sessions would not end')]);
    expect(code).toBe(1);
  }, 20_000);

  it('says that a token is not the right one, and shows neither', async () => {
    const { code, lines } = await (await lookAt((inner) => inner))('hunter22');
    expect(lines).toEqual([expect.stringContaining('the password or token is not the right one')]);
    expect(lines[0]).toMatch(/^wrong .+ See UPSTASH_REDIS_REST_URL/);
    expect(code).toBe(1);
  }, 20_000);

  it('says that nothing listens where the store should be', async () => {
    const { url } = await serveRest({ executor: () => null, port: 0 }).then(async (rest) => {
      await rest.close();
      return rest;
    });
    const port = new URL(url).port;
    const { code, lines } = await doctor({ REDIS_URL: `redis://me:hunter2@127.0.0.1:${port}` });
    expect(lines).toEqual([
      `wrong  store     127.0.0.1:${port} does not answer: nothing listens there (ECONNREFUSED). ` +
        'Until it does, whoever is signed in gets 503. See REDIS_URL.',
    ]);
    expect(code).toBe(1);
  }, 20_000);

  it('looks at the files of a server that is running', async () => {
    const DATA_DIR = temporaryFolder();
    await start({ DATA_DIR });
    const { code, out } = await gatehouse({ DATA_DIR }, ['doctor']);
    expect(out).toContain('Values expire when they should.');
    expect(out).toContain('10 of 10 values');
    expect(out).toContain('\nok     database  All migrations are applied.\n');
    expect(out).toMatch(/\nNothing is wrong\.\n$/);
    expect(code).toBe(0);
  }, 30_000);
});

/** Settings of `redis-server`, and what the doctor says of it. */
const RETENTION: [what: string, settings: string[], lines: string[]][] = [
  [
    'evicts nothing and appends',
    ['--appendonly', 'yes'],
    [
      'ok Nothing is deleted when the memory is full.',
      'ok What is written is kept over a restart (appendonly yes).',
    ],
  ],
  [
    'evicts any key and keeps nothing',
    ['--maxmemory-policy', 'allkeys-lru'],
    [
      'warn maxmemory-policy allkeys-lru deletes sessions when the memory is full',
      'warn A restart loses everything (no snapshots, appendonly no)',
    ],
  ],
  [
    'evicts what expires, and takes snapshots alone',
    ['--maxmemory-policy', 'volatile-ttl', '--save', '3600 1'],
    [
      'warn maxmemory-policy volatile-ttl deletes sessions when the memory is full',
      'warn A restart loses the last seconds to minutes (snapshots, appendonly no)',
    ],
  ],
  [
    'refuses CONFIG',
    ['--rename-command', 'CONFIG', ''],
    [
      'ok Nothing is deleted when the memory is full.',
      'warn A restart loses what was written last (appendonly no), or all, if there are no snapshots, which can not be seen from here',
    ],
  ],
  [
    'refuses INFO and CONFIG',
    ['--rename-command', 'CONFIG', '', '--rename-command', 'INFO', ''],
    [
      'warn What 127.0.0.1 deletes when its memory is full can not be seen',
      'warn Whether 127.0.0.1 keeps what is written over a restart can not be seen',
    ],
  ],
];

describe.runIf(hasRedisServer())('the doctor, with a real Redis', () => {
  it('that is set as it should be, finds nothing wrong', async () => {
    const redis = await startRedis(['--appendonly', 'yes']);
    onTestFinished(redis.close);
    const { code, lines } = await doctor({ REDIS_URL: redis.url });
    expect(lines.map((line) => line.slice(0, 2))).toEqual(Array(7).fill('ok'));
    expect(code).toBe(0);
  }, 20_000);

  it.each(RETENTION)(
    'that %s, over TCP and over REST, says so',
    async (_what, settings, expected) => {
      const redis = await startRedis(settings);
      onTestFinished(redis.close);
      const gateway = await startGateway(redis.url);
      onTestFinished(gateway.close);
      for (const store of [
        { kind: 'tcp', url: redis.url } as const,
        { kind: 'rest', ...gateway.store } as const,
      ]) {
        const findings = judgeRetention('127.0.0.1', await readRetention(store));
        expect(findings.map(({ mark, text }) => `${mark} ${text}`)).toEqual(
          expected.map((text) => expect.stringContaining(text)),
        );
      }
    },
    20_000,
  );
});

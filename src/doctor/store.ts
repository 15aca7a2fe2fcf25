import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/client.ts';
import { type Clock, type Milliseconds, minutes } from '../time.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';
import { judgeRetention, type Retention } from './retention.ts';

const { ok, warn, wrong } = findingsOn('store');

export interface StoreTools {
  /** Each call makes a connection of its own. May throw. */
  open(): Promise<RedisClient>;
  /** How a Redis server keeps what it is given. Null: a file. */
  retention: (() => Promise<Retention>) | null;
  /** What people know the store by, such as its host. */
  name: string;
  /** The setting that says where it is. */
  setting: string;
  /** Host name of a hosted store. null: a file. */
  host: string | null;
  /** Measures spans. */
  watch: Clock;
  wait(span: Milliseconds): Promise<void>;
}

/** One connection writes and another reads, so that nothing which follows a connection helps. */
interface Trial {
  writer: RedisClient;
  reader: RedisClient;
  tools: StoreTools;
  /** A key that is deleted in the end. */
  newKey(): string;
}

/** Keys that should stay for as long as this takes. */
const LONG = minutes(1);
const SHORT: Milliseconds = 200;
/** Clocks tick, and an answer takes its time. */
const GRACE: Milliseconds = 100;
/** Each signed-in request waits for one answer. */
const SLOW: Milliseconds = 100;
const FRESH = 10;

/**
 * Whether the store does what sessions stand on: it answers, keeps what is written for as long as it
 * should and no longer, carries out scripts, shows at once what was written, and loses nothing when its
 * memory is full or it restarts. Leaves nothing.
 */
export async function checkStore(tools: StoreTools): Promise<Finding[]> {
  const opened: RedisClient[] = [];
  const keys: string[] = [];
  const open = async () => {
    const client = await tools.open();
    opened.push(client);
    return client;
  };
  try {
    const newKey = () => {
      const key = `gh:doctor:${randomUUID()}`;
      keys.push(key);
      return key;
    };
    const trial: Trial = { writer: await open(), reader: await open(), tools, newKey };
    const findings = await inTurn(trial);
    if (tools.retention === null) return findings;
    return [...findings, ...judgeRetention(tools.name, await tools.retention())];
  } catch (error) {
    const where = `${tools.name} does not answer: ${reasonOf(error)}`;
    return [wrong(`${where}. Until it does, whoever is signed in gets 503. See ${tools.setting}.`)];
  } finally {
    await opened[0]?.delete(keys).catch(() => {});
    for (const client of opened) await client.close();
  }
}

/** Rejects when the store does not answer at all. */
async function inTurn(trial: Trial): Promise<Finding[]> {
  const findings = [await answers(trial)];
  for (const { does, check } of CHECKS) {
    try {
      findings.push(await check(trial));
    } catch (error) {
      findings.push(wrong(`${trial.tools.name} does not ${does}: ${reasonOf(error)}.`));
    }
  }
  return findings;
}

const CHECKS: { does: string; check(trial: Trial): Promise<Finding> }[] = [
  { does: 'keep and delete values', check: keepsAndDeletes },
  { does: 'carry out scripts (EVAL)', check: comparesAndSets },
  { does: 'let values expire', check: expires },
  { does: 'show what was just written', check: showsWrites },
];

async function answers({ writer, reader, tools }: Trial): Promise<Finding> {
  // The first call makes the connection.
  await writer.ping();
  await reader.ping();
  const spans: Milliseconds[] = [];
  for (let i = 0; i < 5; i += 1) {
    const start = tools.watch.now();
    await writer.ping();
    spans.push(tools.watch.now() - start);
  }
  const span = spans.sort((a, b) => a - b)[2] ?? 0;
  const said = `${tools.name} answers in ${span.toFixed(1)} ms`;
  if (span < SLOW) return ok(`${said}.`);
  return warn(`${said}, and each signed-in request waits for it. Move them closer to each other.`);
}

async function keepsAndDeletes({ writer, newKey }: Trial): Promise<Finding> {
  const key = newKey();
  await writer.put(key, 'kept', LONG);
  const [kept] = await writer.get([key]);
  await writer.delete([key]);
  const [left] = await writer.get([key]);
  if (kept !== 'kept') return wrong('A value that was just written is not there.');
  if (left !== null) return wrong('A value that was deleted is still there: nobody can sign out.');
  return ok('Values are kept and deleted.');
}

async function comparesAndSets({ writer, newKey }: Trial): Promise<Finding> {
  const key = newKey();
  await writer.put(key, 'one', LONG);
  const right = await writer.compareAndSet(key, 'one', 'two', LONG);
  const again = await writer.compareAndSet(key, 'one', 'three', LONG);
  const [value] = await writer.get([key]);
  if (right && !again && value === 'two') return ok('Scripts (EVAL) replace what was read only.');
  return wrong('A script (EVAL) replaced what it should not: sessions that ended could come back.');
}

async function expires({ writer, tools, newKey }: Trial): Promise<Finding> {
  const [short, long] = [newKey(), newKey()];
  await writer.put(long, 'long', LONG);
  await writer.put(short, 'short', SHORT);
  await tools.wait(SHORT + GRACE);
  const [ended, kept] = await writer.get([short, long]);
  if (ended !== null) {
    return wrong(`A value with ${SHORT} ms to live was there after that: sessions would not end.`);
  }
  if (kept !== 'long') {
    return wrong('A value with a minute to live was gone at once: sessions would end early.');
  }
  return ok('Values expire when they should.');
}

async function showsWrites({ writer, reader, tools, newKey }: Trial): Promise<Finding> {
  let seen = 0;
  for (let i = 0; i < FRESH; i += 1) {
    const key = newKey();
    await writer.put(key, 'fresh', LONG);
    const [value] = await reader.get([key]);
    if (value === 'fresh') seen += 1;
  }
  const said = `${seen} of ${FRESH} values were read by a second connection as soon as written`;
  if (seen < FRESH) {
    return wrong(
      `${said}: reads go to a replica, and a session that was ended is good until it catches up. ` +
        `Set ${tools.setting} to the primary.`,
    );
  }
  if (tools.host === null) return ok(`${said}.`);
  if (!/\.upstash\.io$/i.test(tools.host)) {
    return ok(`${said}, so reads go to a primary, as far as can be told from here.`);
  }
  return warn(
    `${said}. Elsewhere that may differ: an Upstash database reads from replicas when it has read ` +
      'regions, and a session that was ended is good there until they catch up. Look at the ' +
      "database's page in the Upstash console; it should have a primary region and no read regions.",
  );
}

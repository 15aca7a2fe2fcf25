import { randomBytes } from 'node:crypto';
import { Fault } from '../errors.ts';
import { reasonOf } from '../fault-reason.ts';
import type { Milliseconds } from '../time.ts';
import type { Counted, RedisClient } from './client.ts';
import { errText, refusalWord } from './refusals.ts';
import * as scripts from './scripts.ts';

/** The few Redis commands that the port is made of. Each answers what Redis answers. */
export interface Commands {
  mget(keys: readonly string[]): Promise<unknown>;
  set(key: string, value: string, options: { px: number; nx: boolean }): Promise<unknown>;
  del(keys: readonly string[]): Promise<unknown>;
  evaluate(script: string, keys: string[], args: string[]): Promise<unknown>;
  ping(): Promise<unknown>;
}

/** The port over a Redis, however it is reached. `close` lets go of what it is reached by. */
export function createRedisClient(commands: Commands, close: () => unknown): RedisClient {
  const evaluate = (script: string, keys: string[], args: (string | number)[]) =>
    ask(commands.evaluate(script, keys, args.map(String)));

  return {
    async get(keys) {
      if (keys.length === 0) return [];
      const values = await ask(commands.mget(keys));
      if (!Array.isArray(values) || values.length !== keys.length || !values.every(isValue)) {
        throw misunderstood();
      }
      return values;
    },
    async add(key, value, ttl) {
      const answer = await ask(commands.set(key, value, { px: whole(ttl), nx: true }));
      if (answer !== 'OK' && answer !== null) throw misunderstood();
      return answer === 'OK';
    },
    async put(key, value, ttl) {
      const answer = await ask(commands.set(key, value, { px: whole(ttl), nx: false }));
      if (answer !== 'OK') throw misunderstood();
    },
    async compareAndSet(key, expected, value, ttl, entry) {
      const keys = entry ? [key, entry.index] : [key];
      const args = [expected, value, whole(ttl), ...(entry ? [entry.member, entry.score] : [])];
      return yes(await evaluate(scripts.COMPARE_AND_SET, keys, args));
    },
    async delete(keys) {
      if (keys.length === 0) return;
      number(await ask(commands.del(keys)));
    },
    async addIndexed({ index, prefix, member, value, score, ttl, max }, deleting = []) {
      const args = [prefix, member, value, score, whole(ttl), max];
      const keys = [prefix + member, index, ...deleting];
      return yes(await evaluate(scripts.ADD_INDEXED, keys, args));
    },
    async deleteIndexed({ index, prefix, member }) {
      return yes(await evaluate(scripts.DELETE_INDEXED, [prefix + member, index], [member]));
    },
    async listIndexed({ index, prefix }) {
      const found = await evaluate(scripts.LIST_INDEXED, [index], [prefix]);
      if (!Array.isArray(found) || found.length % 2 !== 0) throw misunderstood();
      const records: { member: string; value: string }[] = [];
      for (let i = 0; i < found.length; i += 2) {
        records.push({ member: text(found[i]), value: text(found[i + 1]) });
      }
      return records;
    },
    async count(counters) {
      const keys = counters.map(({ key }) => key);
      const limits = counters.flatMap(({ max, window }) => [max, whole(window)]);
      return counted(keys, await evaluate(scripts.COUNT, keys, [windowName(), ...limits]));
    },
    async uncount(counts, deleting = []) {
      const keys = [...counts.map(({ key }) => key), ...deleting];
      if (keys.length === 0) return;
      const windows = counts.map(({ window }) => window);
      number(await evaluate(scripts.UNCOUNT, keys, windows));
    },
    async countTry(key, waitKey, { free, first, longest, stop, keep }) {
      const args = [windowName(), free, whole(first), whole(longest), stop, whole(keep)];
      return counted([key], await evaluate(scripts.COUNT_TRY, [key, waitKey], args));
    },
    async ping() {
      if ((await ask(commands.ping())) !== 'PONG') throw misunderstood();
    },
    async close() {
      await close();
    },
  };
}

/** A command that may be sent twice. Several of a pipeline never are. */
export function isRead(command: unknown): boolean {
  const [name] = Array.isArray(command) ? command : [];
  return typeof name === 'string' && /^(mget|ping)$/i.test(name);
}

/** Clients' errors print the whole command, session included, so only their kind is kept. */
async function ask(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Fault ? error : new Fault('redis', kindOf(error));
  }
}

/** What Redis said in words of its own, such as READONLY, or what a transport met. */
function kindOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  const said = typeof message === 'string' ? (refusalWord(message) ?? errText(message)) : null;
  return said ?? reasonOf(error);
}

const misunderstood = () => new Fault('redis', 'an answer that is not understood');

const isValue = (value: unknown): value is string | null =>
  typeof value === 'string' || value === null;

function text(answer: unknown): string {
  if (typeof answer !== 'string') throw misunderstood();
  return answer;
}

function number(answer: unknown): number {
  if (typeof answer !== 'number') throw misunderstood();
  return answer;
}

/** A count answers 0 and the window of each key, or how long to wait. */
function counted(keys: readonly string[], answer: unknown): Counted {
  const [wait, ...windows] = Array.isArray(answer) ? answer : [];
  if (windows.length !== (number(wait) > 0 ? 0 : keys.length)) throw misunderstood();
  if (number(wait) > 0) return { wait: number(wait), counts: [] };
  return { wait: 0, counts: keys.map((key, i) => ({ key, window: text(windows[i]) })) };
}

/** Tells one window of a counter from the next one. */
export const windowName = (): string => randomBytes(6).toString('base64url');

function yes(answer: unknown): boolean {
  if (answer !== 0 && answer !== 1) throw misunderstood();
  return answer === 1;
}

/** Redis takes whole milliseconds, at least one. */
const whole = (ttl: Milliseconds) => Math.max(1, Math.round(ttl));

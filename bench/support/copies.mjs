import { randomBytes, randomUUID } from 'node:crypto';

const BATCH = 2000;

/**
 * Fills Redis with copies of what one person's logins have left there: every key that names the
 * person or one of the sessions, for other people with other sessions. `people` each get as many
 * sessions as the person has. Knows no server's format, only that ids stand in keys and values.
 * `lasting`: leaves out what lives for less than that many milliseconds.
 */
export async function copyPerson(redis, { userId, sessionIds }, people, options = {}) {
  const { lasting = 0, log = () => {} } = options;
  const client = redis.client;
  const originals = [];
  for await (const keys of client.scanIterator({ COUNT: 1000 })) {
    for (const key of keys) {
      if ([userId, ...sessionIds].some((id) => key.includes(id))) originals.push(await read(key));
    }
  }
  const copied = originals.filter(({ ttl }) => ttl < 0 || ttl >= lasting);
  for (let done = 0; done < people; ) {
    const batch = client.multi();
    const until = Math.min(people, done + BATCH);
    for (; done < until; done += 1) {
      const swap = swapping(userId, sessionIds);
      for (const original of copied) write(batch, original, swap);
    }
    await batch.execAsPipeline();
    log(`${done.toLocaleString('en-US')} of ${people.toLocaleString('en-US')} people`);
  }

  async function read(key) {
    const [type, ttl] = await Promise.all([client.type(key), client.pTTL(key)]);
    if (type === 'zset') {
      const entries = await client.zRangeWithScores(key, 0, -1);
      return { key, ttl, entries };
    }
    if (type !== 'string') throw new Error(`${key}: copying a ${type} is not written yet`);
    return { key, ttl, value: await client.get(key) };
  }
}

function write(batch, { key, ttl, value, entries }, swap) {
  const target = swap(key);
  if (entries) {
    const members = entries.map((entry) => ({ ...entry, value: swap(entry.value) }));
    batch.zAdd(target, members);
    if (ttl > 0) batch.pExpire(target, ttl);
  } else {
    batch.set(target, swap(value), ttl > 0 ? { expiration: { type: 'PX', value: ttl } } : {});
  }
}

/** Replaces ids by others of the same form and length. */
function swapping(userId, sessionIds) {
  const pairs = [userId, ...sessionIds].map((id) => [id, sibling(id)]);
  return (text) => pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

function sibling(id) {
  if (/^[0-9a-f-]{36}$/.test(id)) return randomUUID();
  return randomBytes(id.length).toString('base64url').slice(0, id.length);
}

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { commandsOf } from '../../src/redis/dialect.ts';
import { createEmbedded } from '../../src/redis/embedded.ts';
import { serveRest } from '../../src/redis/rest-server.ts';

/** The REST server over an empty embedded store for one test, and ways to talk to it. */
export async function openRestServer() {
  const inner = createEmbedded({ path: ':memory:' });
  const token = randomUUID();
  const executor = commandsOf(inner);
  const { url, close } = await serveRest({
    executor: (given) => (given === token ? executor : null),
    port: 0,
  });
  onTestFinished(async () => {
    await close();
    await inner.close();
  });
  const bearer = { authorization: `Bearer ${token}` };

  async function post(path: string, body: unknown, headers: Record<string, string> = bearer) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url + path, { method: 'POST', headers, body: text });
    return { status: response.status, json: await response.json() };
  }
  return { inner, url, token, bearer, post, port: Number(new URL(url).port) };
}

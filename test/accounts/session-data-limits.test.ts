import { describe, expect, it } from 'vitest';
import { expectRefused, patch } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { counterOf, from } from '../support/requests.ts';

const DATA = '/auth/session/data';
const dataOf = async (client: Client) => (await client.get(DATA)).json;
const raw = (client: Client, body: string) =>
  client.request('PATCH', DATA, { body, headers: { 'content-type': 'application/json' } });

const keys = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${from + i}`, i]));
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

/** As long as JSON can be in a session. */
const LIMIT = 8 * 1024;
const filled = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

async function someone(kind: string) {
  const app = await createTestApp();
  const client = kind === 'signed in' ? (await app.registered()).client : app.client();
  if (kind !== 'new') await patch(client, DATA, { kept: 'as it was' });
  return client;
}

describe.each(['signed in', 'anonymous', 'new'])('data of a %s visitor', (kind) => {
  it.each([
    ['over 8 KiB', { a: 'x'.repeat(LIMIT) }],
    ['over 8 KiB in UTF-8', { a: 'é'.repeat(LIMIT / 2) }],
    ['of 51 keys', keys(51)],
    ['40 levels deep', { a: nested(40) }],
  ])('%s is refused, and nothing is changed', async (_name, change) => {
    const client = await someone(kind);
    const answer = await patch(client, DATA, change);
    expectRefused(answer, 400, 'invalid_request');
    expect(answer.json.errors).toEqual([expect.objectContaining({ path: 'data' })]);
    expect(await dataOf(client)).toEqual(kind === 'new' ? {} : { kept: 'as it was' });
    expect(client.cookie('gatehouse') === undefined).toBe(kind === 'new');
  });

  it.each([
    '{"__proto__":{"polluted":true}}',
    '{"a":{"__proto__":{"polluted":true}}}',
    '{"a":[{"__proto__":null}]}',
    '{"\\u005f_proto__":1}',
  ])('with a prototype is refused: %s', async (body) => {
    const client = await someone(kind);
    const answer = await raw(client, body);
    expectRefused(answer, 400, 'invalid_request');
    expect(answer.json.errors).toEqual([expect.objectContaining({ path: 'data' })]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('that nests without end exhausts nothing', async () => {
    const client = await someone(kind);
    const depth = 8000;
    const body = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expectRefused(await raw(client, body), 400, 'invalid_request');
  });
});

describe('the limits of session data', () => {
  it('hold for the counter of the front page, too', async () => {
    const client = (await createTestApp()).client();
    await patch(client, DATA, keys(50));
    const answer = await client.post('/counter', { form: {} });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(await dataOf(client)).toEqual(keys(50));
    await patch(client, DATA, { key0: null });
    expect((await client.post('/counter', { form: {} })).status).toBe(303);
    expect((await dataOf(client)).counter).toBe(1);
  });

  it('are 8 KiB and 50 keys, to the byte and the key', async () => {
    const client = await someone('new');
    expect((await patch(client, DATA, filled(LIMIT))).status).toBe(200);
    expectRefused(await patch(client, DATA, filled(LIMIT + 1)), 400, 'invalid_request');
    expect(await dataOf(client)).toEqual(filled(LIMIT));
    const other = await someone('new');
    expect((await patch(other, DATA, keys(50))).status).toBe(200);
    expectRefused(await patch(other, DATA, keys(1, 50)), 400, 'invalid_request');
    expect(await dataOf(other)).toEqual(keys(50));
  });

  it('are those of what is kept, whatever comes and goes', async () => {
    const client = await someone('new');
    await patch(client, DATA, keys(50));
    const swap = { ...Object.fromEntries(Object.keys(keys(50)).map((key) => [key, null])), a: 1 };
    expect((await patch(client, DATA, swap)).json).toEqual({ a: 1 });
    await patch(client, DATA, { big: 'x'.repeat(5000) });
    expectRefused(await patch(client, DATA, { more: 'x'.repeat(5000) }), 400, 'invalid_request');
    expect((await patch(client, DATA, { big: null, more: 'x'.repeat(5000) })).status).toBe(200);
  });

  it('let keys be named as they like otherwise', async () => {
    const client = await someone('new');
    const odd = { constructor: { prototype: 1 }, toString: 'x', hasOwnProperty: false, '': 0 };
    expect((await patch(client, DATA, odd)).json).toEqual(odd);
    expect(await dataOf(client)).toEqual(odd);
    expect(await counterOf(client)).toBe(0);
    const none = { constructor: null, toString: null, hasOwnProperty: null, '': null };
    expect((await patch(client, DATA, none)).text).toBe('{}');
  });
});

describe('LIMIT_ANONYMOUS', () => {
  it('bounds the sessions that an address starts, by data and by counter alike', async () => {
    const app = await createTestApp({ env: { LIMIT_ANONYMOUS: '3/1h' } });
    const [kept] = [app.client()];
    expect((await patch(kept, DATA, { a: 1 })).status).toBe(200);
    expect((await app.client().post('/counter')).status).toBe(303);
    expect((await patch(app.client(), DATA, { a: 1 })).status).toBe(200);

    const refused = await patch(app.client(), DATA, { a: 1 });
    expectRefused(refused, 429, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const counted = await app.client().post('/counter');
    expect([counted.status, counted.cookies, counted.headers.get('location')]).toEqual([
      429,
      [],
      null,
    ]);
    // Sessions that there are, and other addresses, are not concerned.
    expect((await patch(kept, DATA, { b: 2 })).status).toBe(200);
    expect((await kept.post('/counter')).status).toBe(303);
    expect((await patch(app.client(), DATA, { a: 1 }, from('192.0.2.2'))).status).toBe(200);
    expect((await app.client().get('/')).status).toBe(200);
  });

  it('is thirty in an hour unless set, however many come at once', async () => {
    const app = await createTestApp();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => patch(app.client(), DATA, { a: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  it('counts nothing that was refused as too large', async () => {
    const app = await createTestApp({ env: { LIMIT_ANONYMOUS: '1/1h' } });
    expect((await patch(app.client(), DATA, filled(LIMIT + 1))).status).toBe(400);
    expect((await patch(app.client(), DATA, { a: 1 })).status).toBe(200);
  });
});

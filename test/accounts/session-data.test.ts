import { describe, expect, it } from 'vitest';
import { expectRefused, patch, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import type { Client, Sent } from '../support/client.ts';
import { cookieOf, costOf, counterOf, NO_COST } from '../support/requests.ts';

const DATA = '/auth/session/data';
const typed = (type: string, json: unknown): Sent => ({
  body: JSON.stringify(json),
  headers: { 'content-type': type },
});
const send = (client: Client, type: string, json: unknown) =>
  client.request('PATCH', DATA, typed(type, json));
const dataOf = async (client: Client) => (await client.get(DATA)).json;

describe('PATCH /auth/session/data', () => {
  // RFC 7396, Appendix A, as far as both sides are objects.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ a: 'foo' }, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{ a: 'x' }, { b: [null, { c: null }] }, { a: 'x', b: [null, { c: null }] }],
    [{ a: { b: 1, c: { d: 2 } } }, { a: { c: { e: 3 } } }, { a: { b: 1, c: { d: 2, e: 3 } } }],
  ])('makes of %j with %j what RFC 7396 says', async (before, change, after) => {
    const app = await createTestApp();
    const client = app.client();
    expect((await patch(client, DATA, before)).json).toEqual(before);
    const answer = await patch(client, DATA, change);
    expect([answer.status, answer.json, answer.cookies]).toEqual([200, after, []]);
    expect(await dataOf(client)).toEqual(after);
  });

  it.each([
    'application/json',
    'application/merge-patch+json',
    'Application/Merge-Patch+JSON; charset=utf-8',
  ])('takes %s', async (type) => {
    const { client } = await (await createTestApp()).registered();
    expect((await send(client, type, { a: 1 })).json).toEqual({ a: 1 });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch+json'])(
    'refuses %s',
    async (type) => {
      const { client } = await (await createTestApp()).registered();
      const answer = await send(client, type, { a: 1 });
      expect([answer.status, answer.cookies]).toEqual([415, []]);
      expect(await dataOf(client)).toEqual({});
    },
  );

  it.each(['[1]', 'null', '"text"', '7', 'true', '{', '', '{"a":1}{}'])(
    'refuses %j, which is no object',
    async (body) => {
      const app = await createTestApp();
      const headers = { 'content-type': 'application/json' };
      const answer = await app.client().request('PATCH', DATA, { body, headers });
      expectRefused(answer, 400, 'invalid_request');
    },
  );

  it('writes nothing for {}, but counts it (LIMIT_WRITES)', async () => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    await patch(client, DATA, { a: 1 });
    await client.get(DATA);
    const cost = await costOf(app, async () => {
      expect((await patch(client, DATA, {})).json).toEqual({ a: 1 });
    });
    expect(cost).toEqual({ commands: ['MGET', 'EVAL'], statements: 0 });
  });

  it('keeps to each session its own', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const { client: phone } = await signedIn(app);
    await patch(client, DATA, { theme: 'dark' });
    expect(await dataOf(phone)).toEqual({});
    expect(await dataOf(app.client())).toEqual({});
  });

  it('shows the counter of the front page, which shows what is written', async () => {
    const client = (await createTestApp()).client();
    await client.post('/counter');
    expect(await dataOf(client)).toEqual({ counter: 1 });
    await patch(client, DATA, { counter: 41 });
    await client.post('/counter');
    expect(await counterOf(client)).toBe(42);
  });

  it('keeps what a handler changed in place, and nothing of it when the handler failed', async () => {
    const app = await createTestApp({
      routes: (routes) => {
        routes.post('/test/cart/:fails?', (c) => {
          const cart = c.get('session').get('cart') as string[];
          cart.push('book');
          if (c.req.param('fails')) throw new Error('out of stock');
          return c.json(cart);
        });
      },
    });
    const { client } = await app.registered();
    await patch(client, DATA, { cart: ['pen'] });
    expect((await client.post('/test/cart/fails')).status).toBe(500);
    expect(await dataOf(client)).toEqual({ cart: ['pen'] });
    expect((await client.post('/test/cart')).json).toEqual(['pen', 'book']);
    expect(await dataOf(client)).toEqual({ cart: ['pen', 'book'] });
  });

  it('neither shows nor touches flash values', async () => {
    const app = await createTestApp({
      routes: (routes) => {
        routes.post('/test/flash', (c) => {
          c.get('session').flash('secret', 'once');
          return c.body(null, 204);
        });
        routes.get('/test/flash', (c) => c.json(c.get('session').get('secret')));
      },
    });
    const { client } = await app.registered();
    await client.post('/test/flash');
    expect(await dataOf(client)).toEqual({});
    expect((await patch(client, DATA, { a: 1 })).json).toEqual({ a: 1 });
    expect((await patch(client, DATA, { a: null })).json).toEqual({});
    expect((await client.get('/test/flash')).json).toBe('once');
  });
});

describe('without a session', () => {
  it('reading is {}, costs nothing and sets no cookie', async () => {
    const app = await createTestApp({ store: 'rest' });
    const cost = await costOf(app, async () => {
      const answer = await app.client().get(DATA);
      expect([answer.status, answer.text, answer.cookies]).toEqual([200, '{}', []]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });
    expect(cost).toEqual(NO_COST);
  });

  it.each([[{}], [{ a: null, b: null }]])('%j starts nothing', async (change) => {
    const app = await createTestApp({ store: 'rest' });
    const cost = await costOf(app, async () => {
      const answer = await patch(app.client(), DATA, change);
      expect([answer.status, answer.text, answer.cookies]).toEqual([200, '{}', []]);
    });
    expect(cost).toEqual(NO_COST);
  });

  it('writing starts an anonymous session, once', async () => {
    const app = await createTestApp();
    const visitor = app.client();
    const answer = await patch(visitor, DATA, { cart: ['tea'] });
    expect([answer.status, answer.json]).toEqual([200, { cart: ['tea'] }]);
    const attributes = ['HttpOnly', 'Path=/', 'SameSite=Lax'];
    expect(cookieOf(answer)).toMatchObject({ name: 'gatehouse', attributes });
    const again = await patch(visitor, DATA, { size: 'm' });
    expect([again.json, again.cookies]).toEqual([{ cart: ['tea'], size: 'm' }, []]);
    const session = { user: null, session: null };
    expect((await visitor.get('/auth/session')).json).toEqual(session);
  });
});

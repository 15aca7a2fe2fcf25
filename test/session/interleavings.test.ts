import { describe, expect, it } from 'vitest';
import { cardKey } from '../../src/session/keys.ts';
import { createTestApp, PASSWORD, sql, type TestApp } from '../support/app.ts';

const ANONYMOUS = { user: null, session: null };

/** A browser that is signed in, and a second one with the same cookie. */
async function twoTabs(app: TestApp) {
  const { client, user } = await app.registered();
  // Loads the user's card, so that what follows is about the session.
  await client.get('/auth/session');
  return { tab: client, other: client.copy(), user };
}

describe('requests that overlap', () => {
  it('do not revive a session that was logged out while a save was in flight', async () => {
    const app = await createTestApp();
    const { tab, other } = await twoTabs(app);
    const save = app.redis.hold('compareAndSet');
    const counting = tab.post('/counter');
    await save.arrived;
    expect((await other.post('/auth/logout')).status).toBe(204);
    save.release();

    const counted = await counting;
    expect(counted.status).toBe(401);
    expect(counted.cookies).toEqual([]);
    expect((await tab.get('/auth/session')).json).toEqual(ANONYMOUS);
  });

  it('do not revive a session that a new login replaced while a save was in flight', async () => {
    const app = await createTestApp();
    const { tab, other } = await twoTabs(app);
    const old = tab.copy();
    const save = app.redis.hold('compareAndSet');
    const counting = tab.post('/counter');
    await save.arrived;
    const again = await other.post('/auth/login', {
      json: { email: 'ada@example.com', password: PASSWORD },
    });
    expect(again.status).toBe(200);
    save.release();

    expect((await counting).status).toBe(401);
    expect((await old.get('/auth/session')).json).toEqual(ANONYMOUS);
    expect((await other.get('/auth/session')).json).toEqual(again.json);
  });

  it('do not revive a session by a renewal that was in flight at logout', async () => {
    const app = await createTestApp();
    const { tab, other } = await twoTabs(app);
    await app.advance(10 * 60_000);
    await tab.get('/auth/session');
    await app.advance(10 * 60_000);
    const renewal = app.redis.hold('compareAndSet');
    const reading = tab.get('/auth/session');
    await renewal.arrived;
    await other.post('/auth/logout');
    renewal.release();

    expect((await reading).status).toBe(200);
    expect((await tab.get('/auth/session')).json).toEqual(ANONYMOUS);
  });

  it('keep what both wrote, when they wrote different keys', async () => {
    const app = await createTestApp({
      routes: (routes) => {
        routes.post('/test/:key', (c) => {
          c.get('session').set(c.req.param('key'), 'kept');
          return c.body(null, 204);
        });
        routes.get('/test', (c) => c.json(c.get('live')?.record.data.values ?? null));
      },
    });
    const { tab, other } = await twoTabs(app);
    const first = app.redis.hold('compareAndSet');
    const slow = tab.post('/test/slow');
    await first.arrived;
    expect((await other.post('/test/fast')).status).toBe(204);
    first.release();

    expect((await slow).status).toBe(204);
    expect((await tab.get('/test')).json).toEqual({ slow: 'kept', fast: 'kept' });
  });

  it('answer 409 when eight writers in a row were faster', async () => {
    const app = await createTestApp();
    const { tab, other } = await twoTabs(app);
    let save = app.redis.hold('compareAndSet');
    const counting = tab.post('/counter');
    for (let writer = 0; writer < 8; writer += 1) {
      await save.arrived;
      const held = save;
      expect((await other.post('/counter')).status).toBe(303);
      if (writer < 7) save = app.redis.hold('compareAndSet');
      held.release();
    }
    expect((await counting).status).toBe(409);
  });
});

describe('loading a user card', () => {
  it('is done by one of two readers, and both are signed in', async () => {
    const app = await createTestApp();
    const { tab, other, user } = await twoTabs(app);
    await app.redis.inner.delete([cardKey(user.id)]);
    const marking = app.redis.hold('add', 'after');
    const first = tab.get('/auth/session');
    await marking.arrived;
    // The second one finds the mark of the first.
    expect((await other.get('/auth/session')).json.user.id).toBe(user.id);
    marking.release();
    expect((await first).json.user.id).toBe(user.id);
    app.statements();
    await tab.get('/auth/session');
    expect(app.statements()).toBe(0);
  });

  it('does not cache a row that was read before somebody changed the user', async () => {
    const app = await createTestApp();
    const { tab, user } = await twoTabs(app);
    await app.redis.inner.delete([cardKey(user.id)]);
    const caching = app.redis.hold('compareAndSet');
    const reading = tab.get('/auth/session');
    await caching.arrived;
    // A change: its mark takes the place of the reader's, then the row, then the mark goes.
    const mark = 'mark:somebody-else';
    await app.redis.inner.delete([cardKey(user.id)]);
    await app.redis.inner.add(cardKey(user.id), mark, 60_000);
    await app.sql(sql`UPDATE users SET disabled = 1, epoch = epoch + 1 WHERE id = ${user.id}`);
    await app.redis.inner.delete([cardKey(user.id)]);
    caching.release();

    await reading;
    expect((await tab.get('/auth/session')).json).toEqual(ANONYMOUS);
  });

  it('decides by the row while somebody else holds the mark, and caches nothing', async () => {
    const app = await createTestApp();
    const { tab, user } = await twoTabs(app);
    await app.redis.inner.delete([cardKey(user.id)]);
    await app.redis.inner.add(cardKey(user.id), 'mark:somebody-else', 60_000);
    await app.sql(sql`UPDATE users SET name = 'Countess' WHERE id = ${user.id}`);
    expect((await tab.get('/auth/session')).json.user.name).toBe('Countess');
    expect(await app.redis.inner.get([cardKey(user.id)])).toEqual(['mark:somebody-else']);
  });

  it('replaces a card that is behind the epoch of a session', async () => {
    const app = await createTestApp();
    const { tab, user } = await twoTabs(app);
    await tab.get('/auth/session');
    const [stale] = await app.redis.inner.get([cardKey(user.id)]);
    await app.sql(sql`UPDATE users SET epoch = 7, name = 'New' WHERE id = ${user.id}`);
    const fresh = app.client();
    await fresh.post('/auth/login', { json: { email: 'ada@example.com', password: PASSWORD } });

    expect((await fresh.get('/auth/session')).json.user.name).toBe('New');
    const [card] = await app.redis.inner.get([cardKey(user.id)]);
    expect(card).not.toBe(stale);
    // And the session of the old epoch is over.
    expect((await tab.get('/auth/session')).json).toEqual(ANONYMOUS);
  });

  it('takes a card that can not be read for none', async () => {
    const app = await createTestApp();
    const { tab, user } = await twoTabs(app);
    await app.redis.inner.delete([cardKey(user.id)]);
    await app.redis.inner.add(cardKey(user.id), '{"half":', 600_000);
    expect((await tab.get('/auth/session')).json.user.id).toBe(user.id);
    app.statements();
    await tab.get('/auth/session');
    expect(app.statements()).toBe(0);
  });
});

describe('a login that overlaps a change of the user', () => {
  it('carries the epoch of the row it checked the password against', async () => {
    const app = await createTestApp();
    const { user } = await twoTabs(app);
    const creating = app.redis.hold('addIndexed');
    const browser = app.client();
    const login = browser.post('/auth/login', {
      json: { email: 'ada@example.com', password: PASSWORD },
    });
    await creating.arrived;
    await app.sql(sql`UPDATE users SET epoch = epoch + 1 WHERE id = ${user.id}`);
    await app.redis.inner.delete([cardKey(user.id)]);
    creating.release();

    expect((await login).status).toBe(200);
    expect((await browser.get('/auth/session')).json).toEqual(ANONYMOUS);
  });
});

describe('a handler that throws', () => {
  it('commits nothing, sets no cookie and answers 500', async () => {
    const app = await createTestApp({
      routes: (routes) => {
        routes.post('/test/error', (c) => {
          c.get('session').set('counter', 41);
          throw new Error('broken');
        });
        routes.post('/test/text', (c) => {
          c.get('session').set('counter', 41);
          throw 'broken';
        });
      },
    });
    const { tab } = await twoTabs(app);
    for (const path of ['/test/error', '/test/text']) {
      const answer = await tab.post(path);
      expect(answer.status).toBe(500);
      expect(answer.json.code).toBe('internal');
      expect(answer.text).not.toContain('broken');
      expect(answer.cookies).toEqual([]);
    }
    expect((await tab.get('/')).text).toContain('<dd>0</dd>');
  });
});

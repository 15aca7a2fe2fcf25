import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';

const SOON = new Date(Date.now() + 1000).toISOString();

/** A server with routes of its own that use `c.var.session` as people of hono-sessions do. */
const withOwnRoutes = () =>
  createTestApp({
    routes: (app) => {
      app.post('/own/:method', (c) => {
        const { session } = c.var;
        session.set('before', true);
        const calls: Record<string, () => void> = {
          touch: () => session.touch(),
          reupSession: () => session.reupSession(),
          updateAccess: () => session.updateAccess(),
          setExpiration: () => session.setExpiration(SOON),
          setCache: () => session.setCache(session.getCache()),
          // The library's flag for a new session id.
          rotation: () => c.set('session_key_rotation' as never, true as never),
          forget: () => session.forget('before'),
          none: () => {},
        };
        calls[c.req.param('method')]?.();
        return c.json({ valid: session.sessionValid(), before: session.get('before') });
      });
    },
  });

describe('c.var.session', () => {
  it.each([
    ['touch', /session\.touch\(\) has no effect.*SESSION_IDLE/],
    ['reupSession', /session\.reupSession\(\) has no effect.*SESSION_IDLE/],
    ['updateAccess', /session\.updateAccess\(\) has no effect.*SESSION_IDLE/],
    ['setExpiration', /session\.setExpiration\(\) has no effect.*SESSION_LIFETIME/],
    ['setCache', /session\.setCache\(\) has no effect.*set\(\)/],
    ['rotation', /session_key_rotation has no effect.*\/auth\/reauthenticate/],
  ])('says of %s what to use instead, and writes nothing', async (method, message) => {
    const app = await withOwnRoutes();
    const { client } = await app.registered();
    const answer = await client.post(`/own/${method}`);
    expect([answer.status, answer.json.code, answer.cookies]).toEqual([500, 'internal', []]);
    expect(app.logged).toEqual([expect.stringMatching(message)]);
    expect((await client.get('/auth/session/data')).json).toEqual({});
    expect((await client.get('/auth/session')).json.user.email).toBe('ada@example.com');
  });

  it('keeps what is set, and gives up what is forgotten', async () => {
    const app = await withOwnRoutes();
    const { client } = await app.registered();
    expect((await client.post('/own/none')).json).toEqual({ valid: true, before: true });
    expect((await client.get('/auth/session/data')).json).toEqual({ before: true });
    expect((await client.post('/own/forget')).json).toEqual({ valid: true, before: null });
    expect((await client.get('/auth/session/data')).json).toEqual({});
    expect(app.logged).toEqual([]);
  });
});

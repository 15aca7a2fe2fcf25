import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';

describe('signing in', () => {
  it('registers, recognises, signs out and signs in again', async () => {
    const { client } = await createTestApp();
    const browser = client();
    const registered = await browser.post('/auth/register', {
      json: { email: ' Ada@Example.COM ', password: PASSWORD, name: 'Ada' },
    });
    expect(registered.status).toBe(201);
    expect(registered.json.user).toMatchObject({ email: 'ada@example.com', roles: ['user'] });

    const seen = await browser.get('/auth/session');
    expect(seen.json).toEqual(registered.json);
    expect(seen.cookies).toEqual([]);

    expect((await browser.post('/auth/logout')).status).toBe(204);
    expect((await browser.get('/auth/session')).json).toEqual({ user: null, session: null });

    const again = await browser.post('/auth/login', {
      json: { email: 'ada@example.com', password: PASSWORD },
    });
    expect(again.status).toBe(200);
    expect(again.json.session.id).not.toBe(registered.json.session.id);
  });
});

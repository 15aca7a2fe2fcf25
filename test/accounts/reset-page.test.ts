import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { INVALID, NEW_PASSWORD, outcomeOf, reset, resetSecret, verify } from '../support/mail.ts';
import { from, login } from '../support/requests.ts';

async function withLink() {
  const app = await createTestApp();
  await app.registered();
  return { app, token: await resetSecret(app) };
}

describe('the page of a reset', () => {
  it.each(['GET', 'HEAD'])('takes nothing by %s, however often', async (method) => {
    const { app, token } = await withLink();
    for (let i = 0; i < 3; i += 1) {
      expect((await app.client().request(method, `/reset?token=${token}`)).status).toBe(200);
    }
    for (const path of ['/auth/password/reset', '/auth/email/verify', '/verify/disown']) {
      expect((await app.client().request(method, `${path}?token=${token}`)).status).toBe(405);
    }
    expect((await login(app.client())).status).toBe(200);
    expect((await reset(app.client(), token)).status).toBe(204);
  });

  it('asks for a password, carries the secret on, and is kept by nobody', async () => {
    const { app, token } = await withLink();
    const page = await app.client().get(`/reset?token=${token}`);
    expect(page.text).toContain(`<input type="hidden" name="token" value="${token}"/>`);
    expect(page.text).toContain('<form method="post" action="/auth/password/reset">');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toMatch(/^(same-origin|no-referrer)$/);
  });

  it('escapes what it is given', async () => {
    const app = await createTestApp();
    const form = { token: '"><script>', password: PASSWORD };
    const page = await app.client().post('/auth/password/reset', { form });
    expect(page.text).not.toContain('<script>');
    expect(page.text).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('says what to do without a secret', async () => {
    const app = await createTestApp();
    for (const [path, another] of [
      ['/reset', '/forgot'],
      ['/verify', '/account'],
    ]) {
      for (const address of [path, `${path}?token=`]) {
        const page = await app.client().get(address ?? '');
        expect([page.status, page.text.includes('<form')]).toEqual([200, false]);
        expect(page.text).toContain(`<a href="${another}">Ask for a new one</a>`);
      }
    }
  });

  it('sends its form on to the login, which says that it is done', async () => {
    const { app, token } = await withLink();
    const client = app.client();
    const form = { token, password: NEW_PASSWORD };
    const answer = await client.post('/auth/password/reset', { form });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?reset']);
    expect(answer.cookies).toEqual([expect.stringMatching(/^gatehouse-device=/)]);
    expect((await client.get('/login?reset')).text).toContain('The new password is set.');
    expect((await client.get('/login')).text).not.toContain('The new password is set.');
    expect((await login(client, { password: NEW_PASSWORD })).status).toBe(200);
  });

  it('is shown again when the password is refused, with the secret and without the password', async () => {
    const { app, token } = await withLink();
    const form = { token, password: 'hunter2' };
    const answer = await app.client().post('/auth/password/reset', { form });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`name="token" value="${token}"`);
    expect(answer.text).toContain('Use at least 12 characters.');
    expect(answer.text).not.toContain('hunter2');
  });

  it('says that a used link does not work', async () => {
    const { app, token } = await withLink();
    await reset(app.client(), token);
    const form = { token, password: PASSWORD };
    const answer = await app.client().post('/auth/password/reset', { form });
    expect([answer.status, answer.text.includes('This link does not work')]).toEqual([400, true]);
    expect(answer.text).toContain('<a href="/forgot">Ask for a new one</a>');
  });
});

describe('guessing links', () => {
  it('is 429 after 20 in ten minutes from one address, whatever they are for', async () => {
    const { app, token } = await withLink();
    for (let i = 0; i < 10; i += 1) {
      expect(outcomeOf(await reset(app.client(), `guess ${i}`))).toEqual(INVALID);
      expect(outcomeOf(await verify(app.client(), `guess ${i}`))).toEqual(INVALID);
    }
    expect(outcomeOf(await reset(app.client(), token))).toEqual([429, 'rate_limited']);
    const form = { token };
    expect((await app.client().post('/verify/disown', { form })).status).toBe(429);
    const json = { token, password: NEW_PASSWORD };
    const elsewhere = { json, ...from('192.0.2.9') };
    expect((await app.client().post('/auth/password/reset', elsewhere)).status).toBe(204);
    await app.advance(minutes(10));
    expect(outcomeOf(await reset(app.client(), token))).toEqual(INVALID);
  });

  it('does not count links that work, nor passwords that are refused', async () => {
    const { app, token } = await withLink();
    for (let i = 0; i < 25; i += 1) {
      expect((await reset(app.client(), token, 'short')).status).toBe(400);
    }
    expect((await reset(app.client(), token)).status).toBe(204);
  });

  it('does not count tries that a fault ended', async () => {
    const { app, token } = await withLink();
    app.breakDatabase('status-500');
    for (let i = 0; i < 21; i += 1) expect((await reset(app.client(), token)).status).toBe(503);
    for (let i = 0; i < 21; i += 1) expect((await verify(app.client(), token)).status).toBe(503);
    app.breakDatabase(null);
    expect((await reset(app.client(), token)).status).toBe(204);
  });
});

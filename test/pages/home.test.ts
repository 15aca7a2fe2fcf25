import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { page } from '../support/pages.ts';
import { login } from '../support/requests.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('the session panel', () => {
  it('says who, in which session, from where and since when', async () => {
    const app = await createTestApp();
    await app.registered();
    const client = app.client({ 'user-agent': FIREFOX });
    const { session } = (await login(client)).json;
    const text = await page(client, '/');
    expect(text).toContain('<span>ada@example.com</span>');
    expect(text).toContain('not confirmed yet');
    for (const fact of [session.id, 'password', 'Firefox, Linux', '192.0.2.1']) {
      expect(text).toContain(`<dd>${fact}</dd>`);
    }
    expect(text).toContain(`<time datetime="${session.createdAt}">`);
  });

  it.each([
    [false, '1 hour', '24 hours'],
    [true, '14 days', '30 days'],
  ])('says how long it lasts (remember: %s), for scripts too', async (remember, idle, whole) => {
    const app = await createTestApp();
    await app.registered();
    const client = app.client();
    const { session } = (await login(client, { remember })).json;
    const ends = [...(await page(client, '/')).matchAll(/<time ([^>]*data-left[^>]*)>([^<]*)</g)];
    expect(ends.map(([, , said]) => said)).toEqual([idle, whole].map((s) => spoken(s)));
    const [first = '', last = ''] = ends.map(([, attributes]) => attributes);
    expect(first).toContain(`datetime="${session.expiresAt}"`);
    expect(last).toContain(`datetime="${session.absoluteExpiresAt}"`);
    const left = Number(/data-left="(\d+)"/.exec(first)?.[1]);
    const [created, expires] = [session.createdAt, session.expiresAt].map(Date.parse);
    expect((expires ?? 0) - (created ?? 0) - left * 1000).toBeLessThan(10_000);
  });

  it('offers no registration where it is closed', async () => {
    for (const [registration, offered] of [
      ['open', true],
      ['closed', false],
    ] as const) {
      const app = await createTestApp({ env: { REGISTRATION: registration } });
      const text = await page(app.client(), '/');
      expect(text.includes('href="/register"')).toBe(offered);
      expect(text).toContain('href="/login"');
    }
  });
});

/** The largest units, as they are written. */
const spoken = (span: string) => (span === '24 hours' ? '1 day' : span);

describe('pages of somebody signed in', () => {
  it.each(['/', '/account', '/account/sessions'])(
    'say who that is, and how to sign out: %s',
    async (path) => {
      const { client } = await (await createTestApp()).registered();
      const text = await page(client, path);
      const [header = ''] = /<header.*<\/header>/s.exec(text) ?? [];
      expect(header).toContain('<a href="/account">ada@example.com</a>');
      expect(header).toContain('<form method="post" action="/auth/logout">');
    },
  );

  it('say nothing of it to others', async () => {
    const app = await createTestApp();
    await app.registered();
    for (const path of ['/', '/login', '/nowhere']) {
      expect(await page(app.client(), path)).not.toContain('/auth/logout');
    }
  });

  it('show nobody any more when the session turns out to be over', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const step = app.redis.hold('compareAndSet');
    const pressed = client.post('/counter', { form: {} });
    await step.arrived;
    await client.copy().post('/auth/logout');
    step.release();
    const { status, text } = await pressed;
    expect([status, text.includes('Sign in first.')]).toEqual([401, true]);
    expect(text).not.toContain('ada@example.com');
  });
});

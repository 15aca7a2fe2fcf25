import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { EMAIL } from '../support/requests.ts';

const APP = 'https://app.example.com/home';
const ENV = { BASE_URL: 'https://auth.example.com', APP_URL: APP };
const SITE = { origin: 'https://auth.example.com', 'sec-fetch-site': 'same-origin' };

const send = async (client: Client, path: string, form: Record<string, string> = {}) =>
  (await client.post(path, { form, headers: SITE })).headers.get('location');

const signIn = (app: TestApp, more: Record<string, string> = {}, client = app.client()) =>
  send(client, '/auth/login', { email: EMAIL, password: PASSWORD, ...more });

describe('APP_URL', () => {
  it('is where people go home to after signing in and out', async () => {
    const app = await createTestApp({ env: ENV });
    const { client } = await app.registered();
    expect(await signIn(app)).toBe(APP);
    expect(
      await send(app.client(), '/auth/register', { email: 'b@b.example', password: PASSWORD }),
    ).toBe(APP);
    for (const path of ['/login', '/register', '/']) {
      expect((await client.get(path)).headers.get('location'), path).toBe(APP);
    }
    expect((await app.client().get('/')).headers.get('location')).toBe(APP);
    expect(await send(client, '/auth/logout')).toBe(APP);
    const other = app.client();
    await signIn(app, {}, other);
    expect(await send(other, '/account/delete', { password: PASSWORD })).toBe(APP);
    expect((await app.client().get('/verify?done')).text).toContain(`href="${APP}"`);
  });

  it('lets returnTo lead to its origin, and what is doubtful home', async () => {
    const app = await createTestApp({ env: ENV });
    await app.registered();
    const to = (returnTo: string) => signIn(app, { returnTo });
    expect(await to('https://app.example.com/cart')).toBe('https://app.example.com/cart');
    expect(await to('/account')).toBe('/account');
    for (const doubtful of ['https://evil.example/', '//evil.example', 'javascript:alert(1)']) {
      expect(await to(doubtful), doubtful).toBe(APP);
    }
  });

  it('counts for forms, and not for CORS or the cross-site rule', async () => {
    const app = await createTestApp({ env: ENV });
    const headers = { origin: 'https://app.example.com' };
    const read = await app.client().get('/auth/session', { headers });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    expect(read.headers.get('content-security-policy')).toMatch(
      /form-action 'self' https:\/\/app\.example\.com;/,
    );
    expect((await app.client().post('/auth/logout', { headers })).status).toBe(403);
  });

  it('does not lead / to itself', async () => {
    const app = await createTestApp({ env: { ...ENV, APP_URL: ENV.BASE_URL } });
    expect((await app.client().get('/')).headers.get('location')).toBe('/login');
  });
});

describe('the front page', () => {
  it('shows the session panel on loopback, and leads to the account elsewhere', async () => {
    const here = await createTestApp();
    expect((await here.client().get('/')).text).toContain('action="/counter"');
    const app = await createTestApp({ env: { BASE_URL: ENV.BASE_URL } });
    const { client } = await app.registered();
    const leads = async (who: Client) => (await who.get('/')).headers.get('location');
    expect([await leads(client), await leads(app.client())]).toEqual(['/account', '/login']);
    const panel = await createTestApp({ env: { ...ENV, FRONT_PAGE: 'panel' } });
    expect((await panel.client().get('/')).text).toContain('action="/counter"');
  });
});

describe('the page for a forgotten password', () => {
  it('carries on where somebody wanted to go', async () => {
    const client = (await createTestApp()).client();
    const carried = 'returnTo=%2Fcart';
    expect((await client.get(`/login?${carried}`)).text).toContain(`href="/forgot?${carried}"`);
    const form = (await client.get(`/forgot?${carried}`)).text;
    expect(form).toContain('name="returnTo" value="/cart"');
    expect(form).toContain(`href="/login?${carried}"`);
    const sent = await client.post('/auth/password/forgot', {
      form: { email: EMAIL, returnTo: '/cart' },
    });
    expect(sent.headers.get('location')).toBe(`/forgot?sent&${carried}`);
    expect((await client.get(`/forgot?sent&${carried}`)).text).toContain(`/forgot?${carried}`);
    const json = { email: EMAIL, returnTo: '/cart' };
    expect((await client.post('/auth/password/forgot', { json })).status).toBe(400);
  });
});

describe('opening the address of a form', () => {
  const NAVIGATES = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

  it('goes to its page, for every form that there is', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const posts = new Set(
      app.app.routes.filter(({ method }) => method === 'POST').map(({ path }) => path),
    );
    let forms = 0;
    for (const pattern of posts) {
      const path = pattern.replace(':id', 'x').replace(':action', 'end-others');
      const sent = await app.client().post(path, { form: { nobody: 'knows' } });
      const page = await client.get(path, { headers: NAVIGATES });
      if (sent.status === 415 || sent.status === 401) {
        expect(page.status, path).toBeOneOf([200, 403, 405]);
        continue;
      }
      forms += 1;
      expect(page.status, path).toBe(303);
      const [target = ''] = (page.headers.get('location') ?? '').split('?');
      expect((await client.get(target)).status, path).toBeOneOf([200, 303]);
    }
    expect(forms).toBeGreaterThan(12);
  });

  it('by a script is still a 405', async () => {
    const client = (await createTestApp()).client();
    const answer = await client.get('/auth/login', { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('/.well-known/change-password', () => {
  it('leads to the account', async () => {
    const client = (await createTestApp()).client();
    const answer = await client.get('/.well-known/change-password');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account']);
  });
});

describe('an origin that is not trusted', () => {
  const from = (origin: string) => ({ headers: { origin, 'sec-fetch-site': 'cross-site' } });

  it('is named in the log, once, with the setting that would let it pass', async () => {
    const app = await createTestApp({ env: { TRUSTED_ORIGINS: 'https://app.example.com' } });
    const client = app.client();
    for (let n = 0; n < 3; n += 1) {
      await client.post('/auth/logout', from('http://localhost:5173'));
      await client.get('/auth/session', from('http://localhost:5174'));
      await client.get('/auth/session', from('https://app.example.com'));
      await client.post('/auth/logout', { headers: SITE });
    }
    const lines = app.logged.filter((line) => line.includes('TRUSTED_ORIGINS'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('http://localhost:5173');
    expect(lines[1]).toContain('http://localhost:5174');
  });

  it('fills neither the log nor the memory, however many there are', async () => {
    const app = await createTestApp();
    for (let n = 0; n < 150; n += 1) {
      await app.client().get('/health', from(`https://${n}.${'x'.repeat(2000)}.example`));
    }
    const lines = app.logged.filter((line) => line.includes('TRUSTED_ORIGINS'));
    expect(lines).toHaveLength(100);
    for (const line of lines) expect(line.length).toBeLessThan(700);
  });
});

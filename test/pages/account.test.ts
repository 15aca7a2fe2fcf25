import { describe, expect, it } from 'vitest';
import { signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import { page } from '../support/pages.ts';
import { login } from '../support/requests.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

describe('/account', () => {
  it('says in how many places one is signed in', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    expect(await page(client, '/account')).toContain('You are signed in here alone.');
    await signedIn(app);
    await signedIn(app);
    expect(await page(client, '/account')).toContain('You are signed in at 3 places.');
  });

  it('shows the latest ten security events, and those of nobody else', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await app.registered('eve@example.com');
    for (let i = 0; i < 11; i += 1) await signedIn(app, {}, { 'user-agent': PHONE });
    await login(app.client(), { password: 'wrong' });
    await app.settled();
    const text = await page(client, '/account');
    expect(text.match(/Signed in</g)).toHaveLength(9);
    expect(text.match(/A password was refused</g)).toHaveLength(1);
    expect(text).toContain(' · Safari, iPhone · 192.0.2.1');
    expect(text).not.toContain('Account made');
  });

  it('tells password managers whose password it is, and the server nothing more', async () => {
    const { client } = await (await createTestApp()).registered();
    const text = await page(client, '/account');
    const owner =
      /<input type="text" autocomplete="username" value="ada@example.com" hidden=""\/>/g;
    expect(text.match(owner)).toHaveLength(2);
  });

  it('shows a refused form again when the database is down', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    await client.get('/auth/session');
    app.breakDatabase('status-500');
    const { status, text } = await client.post('/account/name', { form: { name: 'Ada L.' } });
    expect(status).toBe(503);
    expect(text).toContain('value="Ada L."');
    expect(text).toContain('This can not be shown right now.');
  });
});

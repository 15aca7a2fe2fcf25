import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { page } from '../support/pages.ts';
import { EMAIL } from '../support/requests.ts';

const ADVICE = 'Your account is at risk. Call +1 555 0100';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('the device of a refused sign-in on the account page', () => {
  it('is never the text that a stranger sent', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const wrong = { json: { email: EMAIL, password: 'not the password' } };
    for (const sent of [ADVICE, `${FIREFOX} ${ADVICE}`]) {
      const { status } = await app.client({ 'user-agent': sent }).post('/auth/login', wrong);
      expect(status).toBe(401);
    }
    await app.settled();
    const text = await page(client, '/account');
    expect(text).not.toContain('at risk');
    expect(text).toContain('· not known');
    expect(text).toContain('· Firefox, Linux');
  });

  it('is the name of a program where its owner signed in with it', async () => {
    const app = await createTestApp();
    await app.registered();
    const client = app.client({ 'user-agent': 'backup-script/2.1' });
    await client.post('/auth/login', { json: { email: EMAIL, password: PASSWORD } });
    expect(await page(client, '/account')).toContain('· backup-script/2.1');
  });
});

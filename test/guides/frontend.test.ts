import { describe, expect, it } from 'vitest';
import guide from '../../docs/guides/frontend.md?raw';
import { changeEmail, signIn, whoAmI } from '../../examples/frontend/account.ts';
import code from '../../examples/frontend/account.ts?raw';
import { createClient } from '../../src/client.ts';
import { minutes } from '../../src/time.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import { lettersTo } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

/** The typed client of a browser: what it is given as a cookie it sends again. */
function browserOf(app: TestApp) {
  const browser = app.client();
  return createClient('http://localhost:3000', {
    fetch: async (address: string | URL | Request, init?: RequestInit) => {
      const body = init?.body;
      const { status, headers, text } = await browser.request(`${init?.method}`, String(address), {
        ...(typeof body === 'string' ? { json: JSON.parse(body) } : {}),
      });
      return new Response(text || null, { status, headers });
    },
  });
}

describe('the guide to your frontend', () => {
  it('shows the code that is tried here', () => {
    expect(guide).toContain(`\`\`\`ts\n${code}\`\`\``);
  });

  it('signs in, and says why not', async () => {
    const app = await createTestApp();
    await app.registered();
    const api = browserOf(app);
    expect(await signIn(api, EMAIL, 'not the password')).toEqual({
      message: 'That name and password do not match.',
      fields: {},
    });
    expect(await whoAmI(api)).toBeNull();
    expect(await signIn(api, EMAIL, PASSWORD)).toBeNull();
    expect((await whoAmI(api))?.email).toBe(EMAIL);
  });

  it('changes the address, and asks for the password when the login is old', async () => {
    const app = await createTestApp();
    await app.registered();
    const api = browserOf(app);
    await signIn(api, EMAIL, PASSWORD);
    await app.advance(minutes(11));
    const wrong = await changeEmail(api, 'new@example.com', async () => 'not it');
    expect(wrong?.message).toBe('That is not the password of this account.');
    expect(await changeEmail(api, 'new@example.com', async () => PASSWORD)).toBeNull();
    const bad = await changeEmail(api, 'no address', async () => PASSWORD);
    expect(Object.keys(bad?.fields ?? {})).toEqual(['email']);
    await app.settled();
    expect(await lettersTo(app, 'new@example.com')).toEqual(['change_email']);
  });

  it('takes a server that does not answer for no logout', async () => {
    const app = await createTestApp({ store: 'rest' });
    await app.registered();
    const api = browserOf(app);
    await signIn(api, EMAIL, PASSWORD);
    await app.breakStore('status-500');
    await expect(whoAmI(api)).rejects.toThrow('does not answer');
    await app.breakStore(null);
    expect((await whoAmI(api))?.email).toBe(EMAIL);
  });
});

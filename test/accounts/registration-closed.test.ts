import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { queued } from '../support/mail.ts';
import { countUsers, EMAIL } from '../support/requests.ts';

const closed = () => createTestApp({ env: { REGISTRATION: 'closed' } });

describe('registration that is closed', () => {
  it.each([{ email: EMAIL, password: PASSWORD }, { email: EMAIL }, {}, 'no object'])(
    'is refused for %j, and makes nobody',
    async (json) => {
      const app = await closed();
      const answer = await app.client().post('/auth/register', { json });
      expect([answer.status, answer.json.code]).toEqual([403, 'registration_closed']);
      expect(answer.cookies).toEqual([]);
      expect(await countUsers(app)).toBe(0);
      expect(await queued(app)).toEqual([]);
    },
  );

  it('is refused to forms with a page', async () => {
    const app = await closed();
    const form = { email: EMAIL, password: PASSWORD };
    const answer = await app.client().post('/auth/register', { form });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('Accounts are made by an administrator.');
    expect(await countUsers(app)).toBe(0);
  });

  it('has a page that says so, without a form', async () => {
    const app = await closed();
    for (const path of ['/register', '/register?returnTo=/account']) {
      const page = await app.client().get(path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('Accounts are made by an administrator here.');
      expect(page.text).not.toContain('action="/auth/register"');
    }
  });

  it('is not offered to who signs in', async () => {
    const open = await createTestApp();
    expect((await open.client().get('/login')).text).toContain('No account yet?');
    const app = await closed();
    expect((await app.client().get('/login')).text).not.toContain('No account yet?');
  });
});

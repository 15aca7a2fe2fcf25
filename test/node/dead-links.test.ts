import { describe, expect, it } from 'vitest';
import { days } from '../../src/time.ts';
import { admin } from '../support/accounts.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { changeEmail, forgot, reset, secretTo } from '../support/mail.ts';
import { decoded } from '../support/pages.ts';

const GONE = 'x'.repeat(43);

async function opened(app: TestApp, path: string) {
  const { status, text } = await app.client().get(path);
  const heading = /<h1>(.*?)<\/h1>/.exec(decoded(text))?.[1];
  return { status, heading, button: text.includes('<button') };
}

describe('the page of a mailed link', () => {
  it.each([
    ['/reset', 'never was', GONE],
    ['/verify', 'never was', GONE],
    ['/reset', 'is none of ours', '../../etc'],
    ['/verify', 'is none of ours', `${GONE}x`],
  ])('%s says before the button that it does not work: one that %s', async (path, _, token) => {
    const page = await opened(await createTestApp(), `${path}?token=${encodeURIComponent(token)}`);
    expect(page).toEqual({ status: 400, heading: 'This link does not work', button: false });
  });

  it('says so when it was used, and when it is too old', async () => {
    const app = await createTestApp();
    await app.registered();
    await forgot(app);
    const [used, old] = [await secretTo(app, 'reset'), await secretTo(app, 'verification')];
    expect((await opened(app, `/reset?token=${used}`)).heading).toBe('Choose a new password');
    expect((await opened(app, `/verify?token=${old}`)).heading).toBe('Confirm your address');
    // A link of one kind is none of the other.
    expect((await opened(app, `/verify?token=${used}`)).status).toBe(400);
    await reset(app.client(), used);
    await app.advance(days(2));
    for (const dead of [`/reset?token=${used}`, `/verify?token=${old}`]) {
      expect((await opened(app, dead)).status).toBe(400);
    }
  });

  it('names what it is for: a reset, an invitation, a change of address', async () => {
    const app = await createTestApp();
    const { client: root } = await admin(app);
    await root.post('/admin/users', { json: { email: 'bob@example.com' } });
    const invited = await secretTo(app, 'invitation', 'bob@example.com');
    expect((await app.client().get(`/reset?token=${invited}`)).text).toContain('You were invited.');
    await changeEmail(root, 'new@example.com');
    const change = await secretTo(app, 'change_email', 'new@example.com');
    const page = (await app.client().get(`/verify?token=${change}`)).text;
    expect(page).toContain('Confirm your new address');
    expect(page).not.toContain('/verify/disown');
  });

  it('is not taken by looking, and still there when the database is not', async () => {
    const app = await createTestApp();
    await app.registered();
    await forgot(app);
    const token = await secretTo(app, 'reset');
    for (let n = 0; n < 30; n += 1) {
      expect((await opened(app, `/reset?token=${token}`)).status).toBe(200);
    }
    app.breakDatabase('status-500');
    const page = await opened(app, `/reset?token=${token}`);
    expect(page).toEqual({ status: 200, heading: 'Choose a password', button: true });
    app.breakDatabase(null);
    expect((await reset(app.client(), token)).status).toBe(204);
  });
});

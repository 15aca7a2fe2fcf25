import { describe, expect, it } from 'vitest';
import { admin, confirm, patch, remove } from '../support/accounts.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import {
  changeEmail,
  INVALID,
  lettersTo,
  NEW_PASSWORD,
  outcomeOf,
  reset,
  resetSecret,
  secretTo,
  verifyChange,
} from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

const NEW = 'thief@example.com';

/** Somebody at Ada's browser wants her account to have another address. */
async function withThief() {
  const app = await createTestApp();
  const { client: root } = await admin(app);
  const { client, user } = await app.registered();
  await app.settled();
  return { app, client, user, root, path: `/admin/users/${user.id}` };
}

type Scene = Awaited<ReturnType<typeof withThief>>;

const expectDone = async (answering: ReturnType<Client['post']>) =>
  expect((await answering).status).toBeLessThan(300);

/** What ends the sessions of a user, and so what was asked for in them. */
const STOPS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'a change of the password': ({ client }) =>
    expectDone(
      client.post('/auth/password', {
        json: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      }),
    ),
  'a reset': async ({ app }) => expectDone(reset(app.client(), await resetSecret(app, EMAIL))),
  'ending all other sessions': ({ client }) => expectDone(remove(client, '/auth/sessions')),
  'ending all sessions': ({ client }) =>
    expectDone(remove(client, '/auth/sessions?include=current')),
  'an admin who ends all sessions': ({ root, path }) =>
    expectDone(remove(root, `${path}/sessions`)),
  'an admin who disables the account and enables it again': async ({ root, path }) => {
    await expectDone(patch(root, path, { disabled: true }));
    await expectDone(patch(root, path, { disabled: false }));
  },
};

describe.each(Object.entries(STOPS))('a change of address is stopped by %s', (_, stop) => {
  it('before the link was mailed', async () => {
    const scene = await withThief();
    const { app } = scene;
    app.mail.down = true;
    expect((await changeEmail(scene.client, NEW)).status).toBe(202);
    await app.settled();
    app.mail.down = false;
    await stop(scene);
    await app.advance(60_000);
    await app.services.delivery?.run();
    expect(await lettersTo(app, NEW)).toEqual([]);
    expect(await lettersTo(app)).toContain('change_email_asked');
    expect(await app.sql(sql`SELECT * FROM mail_queue`)).toEqual([]);
  });

  it('after the link was mailed', async () => {
    const scene = await withThief();
    const { app } = scene;
    await changeEmail(scene.client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    await stop(scene);
    expect(outcomeOf(await verifyChange(app.client(), token))).toEqual(INVALID);
    const emails = await app.sql(sql`SELECT email FROM users WHERE email IN (${EMAIL}, ${NEW})`);
    expect(emails).toEqual([{ email: EMAIL }]);
  });
});

describe('a change of address that is asked for in a session', () => {
  it('which ends at that moment comes to nothing', async () => {
    const { app, client, root, path } = await withThief();
    const counting = app.redis.hold('count');
    const asking = changeEmail(client, NEW);
    await counting.arrived;
    await expectDone(remove(root, `${path}/sessions`));
    counting.release();
    await asking;
    expect(await lettersTo(app, NEW)).toEqual([]);
    expect(await lettersTo(app)).toEqual(['verification']);
  });
});

describe('a change of address that is not stopped', () => {
  it('goes on after a change of the role or the name, and after a login', async () => {
    const { app, client, user, root, path } = await withThief();
    await changeEmail(client, NEW);
    const token = await secretTo(app, 'change_email', NEW);
    await confirm(app, user);
    await expectDone(patch(root, path, { roles: ['user', 'editor'], name: 'Ada' }));
    await expectDone(patch(root, path, { disabled: false }));
    await expectDone(
      app.client().post('/auth/login', { json: { email: EMAIL, password: PASSWORD } }),
    );
    expect((await verifyChange(app.client(), token)).status).toBe(204);
  });

  it('leaves the link of a reset alone when other sessions are ended', async () => {
    const { app, client } = await withThief();
    const token = await resetSecret(app);
    await expectDone(remove(client, '/auth/sessions'));
    expect((await reset(app.client(), token)).status).toBe(204);
  });
});

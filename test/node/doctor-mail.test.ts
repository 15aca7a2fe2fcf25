import { expect, it } from 'vitest';
import { freePort } from '../../src/dev/ports.ts';
import { gatehouse } from '../support/gatehouse.ts';
import { CREDENTIALS, LOGIN, startSmtp } from '../support/mail-servers.ts';
import { temporaryFolder } from '../support/server.ts';

async function lookAt(mailUrl: string) {
  const env = { DATA_DIR: temporaryFolder(), MAIL_FROM: 'a@example.com', MAIL_URL: mailUrl };
  const { out } = await gatehouse(env, ['doctor']);
  expect(out).not.toContain('hunter2');
  return out.split('\n').filter((line) => / {2}mail {2}/.test(line));
}

it('the doctor signs in to the mail server, and sends nothing', async () => {
  const { port, deliveries, logins } = await startSmtp({ login: LOGIN });
  const lines = await lookAt(`smtp://${CREDENTIALS}127.0.0.1:${port}?tls=off`);
  expect(lines).toEqual([`ok     mail      127.0.0.1:${port} greets and takes the password.`]);
  expect({ deliveries, logins: logins.length }).toEqual({ deliveries: [], logins: 1 });
});

it('the doctor says that the password is wrong, and that nobody listens', async () => {
  const { port } = await startSmtp({ login: { ...LOGIN, pass: 'another' } });
  const [refused] = await lookAt(`smtp://${CREDENTIALS}127.0.0.1:${port}`);
  expect(refused).toMatch(
    /^wrong .*not the right one \(SMTP 535 to AUTH PLAIN\)\. See MAIL_URL\.$/,
  );
  const [alone] = await lookAt(`smtp://127.0.0.1:${await freePort()}`);
  expect(alone).toMatch(/^wrong .*nothing listens there \(ECONNREFUSED\)\. See MAIL_URL\.$/);
});

it('the doctor says where mail is kept', async () => {
  const [line] = await lookAt('');
  expect(line).toMatch(/^ok .*Mail is kept in .*outbox\.$/);
});

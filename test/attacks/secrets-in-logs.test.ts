import { expect, it } from 'vitest';
import { isHandler } from '../../src/http/routing.ts';
import { patch } from '../support/accounts.ts';
import { sql, type TestApp } from '../support/app.ts';
import type { Sent } from '../support/client.ts';
import type { Secrets } from '../support/secrets.ts';
import { type Watched, watched } from '../support/watched.ts';

/** Nobody else's password, with everything in it that is written otherwise in URLs, HTML or JSON. */
const password = (secrets: Secrets) =>
  secrets.mark('password', `Pläin "quoted" \\ <b>&amp; 100% ${crypto.randomUUID()}`);

async function linkTo(watch: Watched, address: string): Promise<string> {
  await watch.settled();
  const text = watch.mail.sent.findLast(({ to }) => to === address)?.text ?? '';
  const [, secret = ''] = /token=([\w-]{43})$/m.exec(text) ?? [];
  expect(secret, `mail to ${address}`).not.toBe('');
  return watch.secrets.mark('link', secret);
}

const ok = async (asked: Promise<{ status: number; text: string }>) => {
  const { status, text } = await asked;
  expect(status, text).toBeLessThan(400);
};

/** The life of an account, every step as it should be. Answers with somebody signed in. */
async function live(watch: Watched, name: string) {
  const { secrets } = watch;
  const email = `${name}@example.com`;
  const first = password(secrets);
  const browser = watch.browser();
  await ok(browser.post('/auth/register', { json: { email, password: first } }));
  const verifying = await linkTo(watch, email);
  await ok(browser.get(`/verify?token=${verifying}`));
  await ok(browser.post('/auth/email/verify', { json: { token: verifying } }));
  const wrong = secrets.mark('wrong password', `wrong ${crypto.randomUUID()}`);
  await browser.post('/auth/login', { json: { email, password: wrong } });
  await ok(browser.post('/auth/password/forgot', { json: { email } }));
  const token = await linkTo(watch, email);
  await ok(browser.get(`/reset?token=${token}`));
  const second = password(secrets);
  await ok(browser.post('/auth/password/reset', { json: { token, password: second } }));
  await ok(browser.post('/auth/login', { json: { email, password: second } }));
  const moved = `new-${email}`;
  await ok(browser.post('/auth/email', { json: { email: moved } }));
  await ok(browser.post('/auth/email/verify', { json: { token: await linkTo(watch, moved) } }));
  const now = password(secrets);
  const json = { currentPassword: second, newPassword: now };
  await ok(browser.post('/auth/password', { json }));
  await ok(browser.post('/auth/reauthenticate', { json: { password: now } }));
  const bearer = (
    await watch
      .browser()
      .post('/auth/login', { json: { email: moved, password: now, token: true } })
  ).json.token;
  const rows = await watch.app.sql(sql`SELECT id, password_hash FROM users WHERE email = ${moved}`);
  const [row] = rows;
  secrets.mark('hash', String(row?.password_hash));
  const roles = JSON.stringify(['user', 'admin']);
  await watch.app.sql(sql`UPDATE users SET roles = ${roles}, epoch = epoch WHERE id = ${row?.id}`);
  return { browser, bearer, password: now, email: moved, wrong, link: token };
}

/** Every route with secrets everywhere that a request has room for them. */
async function driveAll(watch: Watched, who: Awaited<ReturnType<typeof live>>) {
  const json = {
    ...{ email: who.email, password: who.password, token: who.link, currentPassword: who.wrong },
    ...{ newPassword: who.password, name: 'Ada' },
  };
  const bodies: Sent[] = [
    { json },
    { json: { ...json, token: [who.link], password: { [who.password]: who.password } } },
    { body: `{"password":${who.password}`, headers: { 'content-type': 'application/json' } },
    { form: { ...json, remember: who.password } },
  ];
  const query = `token=${who.link}&password=${encodeURIComponent(who.password)}`;
  for (const { method, path } of watch.server.routes.filter(isHandler)) {
    // What people keep in their session data is theirs to read again.
    if (method === 'PATCH' && path === '/auth/session/data') continue;
    const target = `${path.replace(/:\w+/g, who.link)}?${query}`;
    for (const sent of method === 'GET' ? [{}] : bodies) {
      const headers = { ...sent.headers, referer: `http://localhost:3000/reset?${query}` };
      await who.browser.copy().request(method, target, { ...sent, headers });
      const authorization = `Bearer ${who.bearer}`;
      const more = { ...headers, authorization, 'x-request-id': `${who.link}.` };
      if (sent === bodies[2])
        await watch.browser().request(method, target, { ...sent, headers: more });
    }
  }
}

async function rowsOf(app: TestApp): Promise<string[]> {
  const tables = await app.sql(sql`SELECT name FROM sqlite_master WHERE type = 'table'`);
  const rows = await Promise.all(
    tables.map(({ name }) => app.sql(sql`SELECT * FROM ${sql.identifier(String(name))}`)),
  );
  // Where a hash belongs.
  return rows.flat().map(({ password_hash, ...row }) => JSON.stringify(row));
}

it('finds no secret in logs, answers, the store or the database, on any route', async () => {
  const watch = await watched();
  const { app, secrets, mail, driven, lines } = watch;
  await driveAll(watch, await live(watch, 'ada'));
  await watch.settled();
  const bob = await live(watch, 'bob');
  await watch.browser().get('/boom');
  mail.down = true;
  for (const kind of ['status-500', 'html'] as const) {
    await app.breakStore(kind);
    await driveAll(watch, bob);
    await app.breakStore(null);
    watch.breakDatabase(kind);
    await driveAll(watch, bob);
    await watch.settled();
    watch.breakDatabase(null);
  }
  await watch.browser().post('/auth/password/forgot', { json: { email: bob.email } });
  await watch.settled();

  await patch(bob.browser, '/auth/session/data', { cart: [1] });
  const routes = watch.server.routes.filter(isHandler);
  for (const { method, path } of routes) expect(driven).toContain(`${method} ${path}`);
  const rows = await rowsOf(app);
  const { stored } = watch;
  // What is looked through is what there is to look through.
  expect(lines.filter((line) => line.includes('Fault: ')).length).toBeGreaterThan(20);
  expect(rows.join()).toContain(bob.email);
  expect(rows.join()).toContain('"attempts":1');
  expect(stored.join()).toContain('"value":');
  expect(secrets.size).toBeGreaterThan(20);
  for (const line of lines) secrets.look('a log line', line);
  for (const command of stored) secrets.look('the store', command);
  for (const row of rows) secrets.look('the database', row);
  expect(secrets.leaks).toEqual([]);
}, 60_000);

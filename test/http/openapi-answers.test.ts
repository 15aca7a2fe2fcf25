import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/time.ts';
import { admin, bearer, patch, remove } from '../support/accounts.ts';
import { PASSWORD, type TestApp, type TestAppOptions } from '../support/app.ts';
import type { Client, Sent } from '../support/client.ts';
import { NEW_PASSWORD, reset, resetSecret, secretTo, verify } from '../support/mail.ts';
import { formsOf, heldTo, operationsOf, served } from '../support/openapi.ts';
import { EMAIL, login } from '../support/requests.ts';

type Scene = (app: TestApp, client: () => Client) => Promise<unknown>;

const FOREIGN = { headers: { 'sec-fetch-site': 'cross-site' } };
const BIG = { json: { email: 'x'.repeat(20_000) } };
const PLAIN: Sent = { body: 'x', headers: { 'content-type': 'text/plain' } };

async function signedUp(client: Client, names: object = { email: EMAIL }) {
  const { json } = await client.post('/auth/register', { json: { ...names, password: PASSWORD } });
  return json.user;
}

/** Visits that come to what the routes can answer; every answer is held to the document. */
const SCENES: Record<string, Scene> = {
  async 'registering and signing in'(_, open) {
    const ada = open();
    await signedUp(ada);
    await signedUp(open());
    await signedUp(open(), { email: 'not one' });
    await ada.post('/auth/register', { form: { username: 'grace', password: PASSWORD } });
    await signedUp(open(), { username: 'grace' });
    await login(open());
    await login(open(), { password: 'wrong' });
    await open().post('/auth/login', { form: { email: EMAIL, password: PASSWORD } });
    await open().post('/auth/login', { form: { email: EMAIL, password: 'wrong' } });
    await open().post('/auth/login', BIG);
    await open().post('/auth/login', PLAIN);
    await open().post('/auth/login', { json: {}, ...FOREIGN });
    for (const wrong of Array(10).keys()) await login(open(), { password: `wrong ${wrong}` });
    await ada.post('/auth/logout', { form: {} });
    await ada.post('/auth/logout');
  },
  async 'the session'(_, open) {
    const visitor = open();
    for (const path of ['', '/data']) await visitor.get(`/auth/session${path}`);
    await visitor.get('/auth/verify');
    await visitor.get('/auth/sessions');
    await patch(visitor, '/auth/session/data', { cart: [1, { two: null }] });
    await visitor.get('/auth/session/data');
    await patch(visitor, '/auth/session/data', { big: 'x'.repeat(9000) });
    const ada = open();
    await signedUp(ada);
    await ada.get('/auth/session');
    await ada.get('/auth/verify');
    await ada.get('/auth/verify?role=admin');
    const { json } = await login(open());
    const [device] = (await ada.get('/auth/devices')).json.devices;
    for (let n = 0; n < 2; n += 1) await remove(ada, `/auth/devices/${device.id}`);
    await remove(ada, '/auth/devices');
    await ada.get('/auth/sessions');
    await remove(ada, `/auth/sessions/${json.session.id}`);
    await remove(ada, `/auth/sessions/${json.session.id}`);
    await remove(ada, '/auth/sessions');
    await remove(ada, '/auth/sessions?include=current');
  },
  async 'the account'(app, open) {
    await signedUp(open(), { username: 'grace' });
    const ada = open();
    await signedUp(ada);
    await patch(ada, '/auth/user', { name: 'Ada' });
    await patch(ada, '/auth/user', { username: 'grace' });
    await ada.post('/auth/email/verification');
    await verify(open(), await secretTo(app, 'verification'));
    await verify(open(), 'none');
    await ada.post('/auth/email', { json: { email: 'lovelace@example.com' } });
    await app.advance(minutes(11));
    await ada.post('/auth/email', { json: { email: 'lovelace@example.com' } });
    await ada.post('/auth/reauthenticate', { json: { password: PASSWORD } });
    await ada.post('/auth/reauthenticate', { json: { password: 'wrong' } });
    const { token } = (await login(open(), { token: true })).json;
    const program = bearer(token);
    const renewed = await open().post('/auth/reauthenticate', {
      ...program,
      json: { password: PASSWORD },
    });
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await open().post('/auth/password', { ...bearer(renewed.json.token), json: change });
    await login(ada, { password: NEW_PASSWORD });
    await ada.post('/auth/password', {
      json: { currentPassword: NEW_PASSWORD, newPassword: PASSWORD },
    });
    await app.settled();
    await ada.get('/auth/events');
    await remove(ada, '/auth/user', { json: { password: 'wrong' } });
    await remove(ada, '/auth/user', { json: { password: PASSWORD } });
  },
  async 'mailed links'(app, open) {
    await signedUp(open());
    const token = await resetSecret(app);
    await reset(open(), token, 'short');
    await reset(open(), token);
    await reset(open(), token);
    const form = { token: await resetSecret(app), password: 'a third horse battery staple' };
    await open().post('/auth/password/reset', { form });
    await open().post('/auth/password/reset', { form });
    await open().post('/auth/password/forgot', { form: { email: 'a@example.com' } });
    for (const email of Array(4).fill('b@example.com')) {
      await open().post('/auth/password/forgot', { json: { email } });
    }
    await open().post('/auth/password/forgot', { form: { email: 'b@example.com' } });
    const ada = open();
    await signedUp(ada, { email: 'c@example.com' });
    const link = await secretTo(app, 'verification', 'c@example.com');
    await open().post('/auth/email/verify', { form: { token: link } });
  },
  async administration(app, open) {
    await admin(app);
    const root = open();
    const { user } = (await login(root, { email: 'root@example.com' })).json;
    const { json } = await root.post('/admin/users', { json: { email: EMAIL, roles: ['editor'] } });
    const path = `/admin/users/${json.user.id}`;
    await root.post('/admin/users', { json: { email: EMAIL } });
    await root.post(`${path}/reset-link`);
    await root.get('/admin/users?limit=1');
    await root.get('/admin/users?limit=none');
    await root.get(path);
    await patch(root, path, { disabled: true });
    await patch(root, `/admin/users/${user.id}`, { roles: [] });
    await remove(root, `${path}/sessions`);
    await app.settled();
    await root.get('/admin/events?kind=invited');
    await root.get('/admin/events?kind=none');
    await remove(root, path);
    await remove(root, path);
    await root.get(path);
    await app.advance(minutes(11));
    await remove(root, path);
    const ada = open();
    await signedUp(ada, { email: 'ada2@example.com' });
    await ada.get('/admin/users');
    await ada.get('/admin/events');
  },
  async 'registration by mail'(_, open) {
    await open().post('/auth/register', { json: { email: EMAIL } });
    await open().post('/auth/register', { form: { email: EMAIL } });
    await open().post('/auth/register', { form: {} });
  },
  async faults(app, open) {
    const ada = open();
    await signedUp(ada);
    await ada.get('/health');
    await ada.get('/ready');
    await app.advance(1001);
    await app.breakStore('status-500');
    for (const path of ['/health', '/ready', '/auth/session', '/auth/events']) await ada.get(path);
    await login(open());
    await ada.post('/auth/login', { form: { email: EMAIL, password: PASSWORD } });
  },
};

const SETTINGS: Record<string, TestAppOptions> = {
  'registration by mail': { env: { REGISTRATION: 'verified' } },
};

describe('the document', { timeout: seconds(30) }, () => {
  const seen = new Set<string>();
  const wanted = new Set<string>();

  it.each(Object.keys(SCENES))('tells of every answer that there is: %s', async (name) => {
    const { app, document } = await served({ store: 'rest', ...SETTINGS[name] });
    const forms = await formsOf(app);
    const held = heldTo(document, app, forms);
    await SCENES[name]?.(app, held.client);
    for (const one of held.seen) seen.add(one);
    for (const [route, { responses }] of Object.entries(operationsOf(document))) {
      const done = Object.keys(responses).filter((status) => status < '400');
      for (const status of done) wanted.add(`${route}: ${status}`);
    }
    for (const route of Object.keys(forms)) wanted.add(`${route}: 303 to a form`);
  });

  it('tells of no success that never comes about', () => {
    expect([...wanted].filter((one) => !seen.has(one))).toEqual([]);
  });
});

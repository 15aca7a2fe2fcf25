import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { costOf, counterOf, countUsers, EMAIL, login, NO_COST } from '../support/requests.ts';

const POST_ONLY = ['/auth/login', '/auth/register', '/auth/logout', '/counter'];
const CREDENTIALS = `email=${EMAIL}&password=${encodeURIComponent(PASSWORD)}`;

describe('GET and HEAD', () => {
  it.each(POST_ONLY)('of %s change nothing: 405 with Allow', async (path) => {
    const app = await createTestApp({ store: 'rest' });
    const { client, session } = await app.registered();
    const cost = await costOf(app, async () => {
      for (const method of ['GET', 'HEAD']) {
        for (const query of ['', `?${CREDENTIALS}`, '?_method=POST']) {
          const refused = await client.request(method, path + query);
          expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
          expect(refused.cookies).toEqual([]);
        }
      }
    });
    expect(cost).toEqual(NO_COST);
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
    expect(await counterOf(client)).toBe(0);
    expect(await countUsers(app)).toBe(1);
  });

  it('of /logout only show a button', async () => {
    const { client, session } = await (await createTestApp()).registered();
    for (const method of ['GET', 'HEAD']) {
      const page = await client.request(method, '/logout');
      expect([page.status, page.cookies]).toEqual([200, []]);
    }
    expect((await client.get('/auth/session')).json.session.id).toBe(session.id);
  });

  it.each(['/', '/login', '/register', '/logout', '/auth/session', '/nowhere', '/health'])(
    'of %s start no session and store nothing',
    async (path) => {
      const app = await createTestApp({ store: 'rest' });
      const cost = await costOf(app, async () => {
        for (const method of ['GET', 'HEAD']) {
          expect((await app.client().request(method, path)).cookies).toEqual([]);
        }
      });
      expect(cost).toEqual(NO_COST);
    },
  );

  it('answer alike, but for the body', async () => {
    const { client } = await (await createTestApp()).registered();
    for (const path of ['/', '/login', '/auth/session', '/auth/verify', '/health', '/nowhere']) {
      const [get, head] = [await client.get(path), await client.request('HEAD', path)];
      expect([path, head.status, head.text]).toEqual([path, get.status, '']);
      for (const name of ['content-type', 'cache-control', 'location', 'x-auth-user-id']) {
        expect(head.headers.get(name), `${path} ${name}`).toBe(get.headers.get(name));
      }
    }
  });
});

describe('a method', () => {
  const OVERRIDES = [
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x-original-method',
  ];

  it.each(OVERRIDES)('is not overridden by the header %s', async (name) => {
    const app = await createTestApp();
    const { client, session } = await app.registered();
    for (const path of POST_ONLY) {
      expect((await client.get(path, { headers: { [name]: 'POST' } })).status).toBe(405);
    }
    const read = await client.post('/auth/session', { headers: { [name]: 'GET' } });
    expect(read.status).toBe(405);
    const deleted = await login(client, {}, { headers: { [name]: 'DELETE' } });
    expect(deleted.status).toBe(200);
    expect(deleted.json.session.id).not.toBe(session.id);
  });

  it('is not overridden by a field', async () => {
    const app = await createTestApp();
    await app.registered();
    const form = { email: EMAIL, password: PASSWORD, _method: 'DELETE' };
    expect((await app.client().post('/auth/login', { form })).status).toBe(400);
    expect((await app.client().post('/auth/session', { form: { _method: 'GET' } })).status).toBe(
      405,
    );
  });

  it.each([
    ['PUT', '/auth/login', 'POST'],
    ['PATCH', '/auth/login', 'POST'],
    ['DELETE', '/auth/login', 'POST'],
    ['DELETE', '/auth/session', 'GET, HEAD'],
    ['POST', '/auth/session', 'GET, HEAD'],
    ['POST', '/auth/verify', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['POST', '/login', 'GET, HEAD'],
    ['POST', '/register', 'GET, HEAD'],
    ['POST', '/logout', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/ready', 'GET, HEAD'],
    ['OPTIONS', '/auth/login', 'POST'],
    ['PROPFIND', '/auth/session', 'GET, HEAD'],
  ])('%s of %s is refused, and Allow says what there is', async (method, path, allow) => {
    const app = await createTestApp({ store: 'rest' });
    const { client } = await app.registered();
    const cost = await costOf(app, async () => {
      const refused = await client.request(method, path);
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
      expect(refused.json?.code).toBe('method_not_allowed');
    });
    expect(cost).toEqual(NO_COST);
  });
});

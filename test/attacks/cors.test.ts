import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import { costOf, NO_COST, TRUSTED } from '../support/requests.ts';

const SECOND = 'https://admin.example.com:8443';

const STRANGERS = [
  'null',
  '*',
  'https://evil.example',
  'http://app.example.com',
  'https://app.example.com:443',
  'https://app.example.com/',
  'https://APP.example.com',
  'https://app.example.com.evil.example',
  'https://x.app.example.com',
  'https://example.com',
  'https://admin.example.com',
  `${TRUSTED}, https://evil.example`,
  `${TRUSTED},${SECOND}`,
];

async function signedIn() {
  const env = { TRUSTED_ORIGINS: `${TRUSTED},${SECOND}` };
  const app = await createTestApp({ store: 'rest', env });
  return { app, ...(await app.registered()) };
}

const allowed = ({ headers }: Answer) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

const varies = ({ headers }: Answer) => headers.get('vary')?.split(/, */) ?? [];

function preflight(client: Client, origin: string, path = '/auth/login') {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };
  return client.request('OPTIONS', path, { headers });
}

describe('an answer to a script of another origin', () => {
  it.each([TRUSTED, SECOND])('may be read, with credentials, by %s', async (origin) => {
    const { client } = await signedIn();
    const answers = [
      await client.get('/auth/session', { headers: { origin } }),
      await client.get('/auth/verify?role=admin', { headers: { origin } }),
      await client.get('/nowhere', { headers: { origin } }),
      await client.post('/auth/login', { json: {}, headers: { origin } }),
      await client.post('/auth/logout', { headers: { origin } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 404, 400, 204]);
    for (const answer of answers) {
      expect(allowed(answer)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
      });
    }
  });

  it('may be read by a trusted frontend when the store is down, too', async () => {
    const { app, client } = await signedIn();
    await app.breakStore('status-500');
    const answer = await client.get('/auth/session', { headers: { origin: TRUSTED } });
    expect(answer.status).toBe(503);
    expect(allowed(answer)).toMatchObject({
      'access-control-allow-origin': TRUSTED,
      'access-control-allow-credentials': 'true',
    });
  });

  it.each(STRANGERS)('may not be read by %s', async (origin) => {
    const { client } = await signedIn();
    for (const path of ['/auth/session', '/', '/nowhere', '/health']) {
      expect(allowed(await client.get(path, { headers: { origin } })), path).toEqual({});
    }
    const refused = await client.post('/auth/login', { json: {}, headers: { origin } });
    expect([refused.status, allowed(refused)]).toEqual([403, {}]);
  });

  it('may be read by nobody while no origin is trusted', async () => {
    const app = await createTestApp();
    for (const origin of [TRUSTED, 'null', '*']) {
      expect(allowed(await app.client().get('/auth/session', { headers: { origin } }))).toEqual({});
    }
  });
});

describe('Vary: Origin', () => {
  it.each([
    ['GET', '/auth/session'],
    ['GET', '/'],
    ['GET', '/login'],
    ['GET', '/health'],
    ['GET', '/nowhere'],
    ['HEAD', '/'],
    ['POST', '/auth/login'],
    ['POST', '/auth/logout'],
    ['POST', '/auth/session'],
    ['OPTIONS', '/auth/login'],
  ])('stands on every answer to %s %s', async (method, path) => {
    const { app } = await signedIn();
    for (const origin of [undefined, TRUSTED, 'https://evil.example', 'http://localhost:3000']) {
      const headers: Record<string, string> = origin ? { origin } : {};
      expect(varies(await app.client().request(method, path, { headers }))).toContain('Origin');
    }
  });

  it('stands on faults', async () => {
    const { app, client } = await signedIn();
    await app.breakStore('status-500');
    for (const headers of [{}, { origin: TRUSTED }, { origin: 'https://evil.example' }]) {
      const answer = await client.get('/auth/session', { headers });
      expect([answer.status, varies(answer)]).toEqual([503, expect.arrayContaining(['Origin'])]);
    }
  });
});

describe('a preflight', () => {
  it('of a trusted frontend is answered without a look-up', async () => {
    const { app, client } = await signedIn();
    const cost = await costOf(app, async () => {
      const answer = await preflight(client, TRUSTED);
      expect([answer.status, answer.text, answer.cookies]).toEqual([204, '', []]);
      const headers = allowed(answer);
      expect(headers['access-control-allow-origin']).toBe(TRUSTED);
      expect(headers['access-control-allow-credentials']).toBe('true');
      expect(headers['access-control-allow-methods']?.split(',')).toEqual(
        expect.arrayContaining(['GET', 'POST', 'PATCH', 'DELETE']),
      );
      expect(headers['access-control-allow-headers']?.toLowerCase()).toContain('content-type');
    });
    expect(cost).toEqual(NO_COST);
  });

  it.each(STRANGERS)(
    'of %s is answered with no permission, and without a look-up',
    async (from) => {
      const { app, client } = await signedIn();
      const cost = await costOf(app, async () => {
        for (const path of ['/auth/login', '/auth/session', '/nowhere']) {
          const answer = await preflight(client, from, path);
          expect([answer.status >= 400, allowed(answer), answer.cookies]).toEqual([true, {}, []]);
        }
      });
      expect(cost).toEqual(NO_COST);
    },
  );
});

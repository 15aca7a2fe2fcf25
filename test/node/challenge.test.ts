import { describe, expect, it } from 'vitest';
import { bearer, signedIn } from '../support/accounts.ts';
import { createTestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { login } from '../support/requests.ts';

const challengeOf = ({ status, headers }: Answer) => [status, headers.get('www-authenticate')];

describe('a 401', () => {
  it('names the scheme by which a program signs in', async () => {
    const app = await createTestApp();
    await app.registered();
    const visitor = app.client();
    expect(challengeOf(await visitor.get('/auth/verify'))).toEqual([401, 'Bearer']);
    expect(challengeOf(await visitor.get('/auth/sessions'))).toEqual([401, 'Bearer']);
    expect(challengeOf(await login(visitor, { password: 'wrong' }))).toEqual([401, 'Bearer']);
    const form = { email: 'ada@example.com', password: 'wrong' };
    expect(challengeOf(await visitor.post('/auth/login', { form }))).toEqual([401, 'Bearer']);
    // Not a token of this server, so not a bearer request.
    expect(challengeOf(await visitor.get('/auth/verify', bearer('null')))).toEqual([401, 'Bearer']);
  });

  it('tells a program that its token does not work any more', async () => {
    const app = await createTestApp();
    await app.registered();
    const { token } = await signedIn(app, { token: true });
    const program = app.client(bearer(token).headers);
    const wrong = { currentPassword: 'wrong', newPassword: 'another horse battery staple' };
    expect(challengeOf(await program.post('/auth/password', { json: wrong }))).not.toContain(
      'Bearer error="invalid_token"',
    );
    expect((await program.post('/auth/logout')).status).toBe(204);
    const invalid = [401, 'Bearer error="invalid_token"'];
    expect(challengeOf(await program.get('/auth/verify'))).toEqual(invalid);
    const json = { note: 'for a session that is over' };
    expect(challengeOf(await program.request('PATCH', '/auth/session/data', { json }))).toEqual(
      invalid,
    );
  });

  it('is the only answer that does', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    for (const path of ['/auth/session', '/admin/users', '/nowhere', '/login']) {
      expect((await client.get(path)).headers.get('www-authenticate'), path).toBeNull();
    }
  });
});

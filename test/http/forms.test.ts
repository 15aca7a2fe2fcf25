import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { cookieOf, EMAIL, FORM_TYPE, login, withAda } from '../support/requests.ts';

describe('a form that succeeds', () => {
  it('signs in and goes to the front page', async () => {
    const { post } = await withAda();
    const answer = await post('/auth/login', { form: { email: EMAIL, password: PASSWORD } });
    expect([answer.status, answer.headers.get('location'), answer.text]).toEqual([303, '/', '']);
    expect(cookieOf(answer).attributes).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax']);
  });

  it('registers and goes to the front page, signed in', async () => {
    const client = (await withAda()).app.client();
    const form = { email: 'eve@example.com', username: '', name: '', password: PASSWORD };
    const answer = await client.post('/auth/register', { form });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const { user } = (await client.get('/auth/session')).json;
    expect(user).toMatchObject({ email: 'eve@example.com', username: null, name: null });
  });

  it('signs out and goes to the front page', async () => {
    const { app } = await withAda();
    const client = app.client();
    await login(client);
    const answer = await client.post('/auth/logout', { form: {} });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(cookieOf(answer)).toMatchObject({ name: 'gatehouse', value: '' });
    expect((await client.get('/auth/session')).json.user).toBeNull();
  });

  it('takes a user name in the field of the email', async () => {
    const { post } = await withAda();
    for (const email of ['ada', 'ADA', ' ada ']) {
      expect((await post('/auth/login', { form: { email, password: PASSWORD } })).status).toBe(303);
    }
    expect(
      (await post('/auth/login', { form: { username: 'ada', password: PASSWORD } })).status,
    ).toBe(303);
  });

  it.each([
    ['on', true],
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
    ['', false],
  ])('remembers when the box says so: "%s"', async (remember, stays) => {
    const { post } = await withAda();
    const answer = await post('/auth/login', {
      form: { email: EMAIL, password: PASSWORD, remember },
    });
    expect(cookieOf(answer).attributes.includes('Max-Age=2592000')).toBe(stays);
  });

  it('may spell its fields in every way that browsers do', async () => {
    const { post } = await withAda();
    const spaces = [PASSWORD.replaceAll(' ', '+'), PASSWORD.replaceAll(' ', '%20'), PASSWORD];
    for (const password of spaces) {
      const body = `&email=ada%40example.com&password=${password}&`;
      expect((await post('/auth/login', { body, headers: FORM_TYPE })).status).toBe(303);
    }
  });
});

describe('a JSON request', () => {
  it('is answered with JSON, and never sent elsewhere, whatever it accepts', async () => {
    const { app } = await withAda();
    const client = app.client();
    const headers = { accept: 'text/html,*/*;q=0.8' };
    const json = { email: 'eve@example.com', password: PASSWORD };
    for (const answer of [
      await client.post('/auth/register', { json, headers }),
      await client.post('/auth/register', { json, headers }),
      await login(client, {}, { headers }),
      await login(client, { password: 'x' }, { headers }),
      await client.post('/auth/login', { json: {}, headers }),
    ]) {
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json$/);
    }
    const out = await client.post('/auth/logout', { json: {}, headers });
    expect([out.status, out.headers.get('location')]).toEqual([204, null]);
  });
});

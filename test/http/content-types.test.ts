import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { costOf, EMAIL, NO_COST } from '../support/requests.ts';

const BODY = JSON.stringify({ email: EMAIL, password: PASSWORD });

const as = (type: string, body = BODY) => ({ body, headers: { 'content-type': type } });

async function signedIn() {
  const app = await createTestApp({ store: 'rest' });
  return { app, ...(await app.registered()) };
}

describe('a content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
    ' application/json ; x=y; charset=utf-8',
  ])('is JSON: %s', async (type) => {
    const { app } = await signedIn();
    expect((await app.client().post('/auth/login', as(type))).status).toBe(200);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    'APPLICATION/X-WWW-FORM-URLENCODED',
  ])('is a form: %s', async (type) => {
    const { app } = await signedIn();
    const body = `email=${EMAIL}&password=${PASSWORD.replaceAll(' ', '+')}`;
    expect((await app.client().post('/auth/login', as(type, body))).status).toBe(303);
  });

  it.each([
    'text/plain',
    'text/plain; charset=application/json',
    'text/plain;application/json',
    'text/json',
    'text/html',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/jsonp',
    'application/json-patch+json',
    'application/vnd.api+json',
    'application/merge-patch+json',
    'application/json, text/plain',
    'application/x-www-form-urlencoded, application/json',
    'xapplication/json',
    'json',
    '*/*',
    'nonsense',
    ';application/json',
  ])('is refused with a body, unread and uncounted: %s', async (type) => {
    const { app, client } = await signedIn();
    const cost = await costOf(app, async () => {
      for (const path of ['/auth/login', '/auth/register', '/auth/logout']) {
        const refused = await client.post(path, as(type));
        expect([refused.status, refused.json?.code], path).toEqual([415, 'unsupported_media_type']);
        expect(refused.cookies).toEqual([]);
      }
    });
    expect(cost).toEqual(NO_COST);
    expect((await client.get('/auth/session')).json.user).not.toBeNull();
  });

  it('is needed with a body', async () => {
    const { client } = await signedIn();
    const body = new TextEncoder().encode(BODY);
    for (const path of ['/auth/login', '/auth/register', '/auth/logout']) {
      expect((await client.post(path, { body })).status, path).toBe(415);
      expect((await client.post(path, { body, headers: { 'content-type': '' } })).status).toBe(415);
    }
  });

  it('is not needed without a body, where no field is required', async () => {
    const { client } = await signedIn();
    expect((await client.post('/counter')).status).toBe(303);
    expect((await client.post('/auth/logout')).status).toBe(204);
  });

  it('is not needed to be told which field is missing', async () => {
    const { app } = await signedIn();
    const sent = [
      {},
      { headers: { 'content-type': 'application/json' } },
      as('application/json', '{}'),
    ];
    for (const one of sent) {
      const refused = await app.client().post('/auth/login', one);
      expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
      const required = (path: string) => expect.objectContaining({ path, code: 'required' });
      expect(refused.json.errors).toEqual(
        expect.arrayContaining([required('email'), required('password')]),
      );
    }
  });

  it('may be JSON with an empty object or an empty form where no field is required', async () => {
    const { client } = await signedIn();
    expect((await client.copy().post('/auth/logout', { json: {} })).status).toBe(204);
    expect((await client.copy().post('/auth/logout', { form: {} })).status).toBe(303);
    expect((await client.copy().post('/auth/logout', as('application/json', ''))).status).toBe(204);
  });
});

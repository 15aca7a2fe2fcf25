import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import type { Answer, Sent } from '../support/client.ts';
import { countUsers, EMAIL } from '../support/requests.ts';

const NEW = { email: 'eve@example.com', password: PASSWORD };
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const UNKNOWN_KEYS = ['role', 'roles', 'id', 'emailVerified', 'disabled', 'epoch', 'createdAt'];
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
const KEYS = [...UNKNOWN_KEYS, ...PROTOTYPE_KEYS, 'passwordHash', 'password_hash', 'user', 'Email'];

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
  await app.registered();
});

/** Whatever was sent: one user, as before, and nothing that went wrong on our side. */
afterEach(async () => {
  expect(await countUsers(app)).toBe(1);
  expect(app.logged).toEqual([]);
});

function expectInvalid(answer: Answer, path: string, code?: string) {
  const { status, cookies, json } = answer;
  expect({ status, cookies, code: json?.code }).toEqual({
    status: 400,
    cookies: [],
    code: 'invalid_request',
  });
  expect(json.errors).toContainEqual(expect.objectContaining(code ? { path, code } : { path }));
}

const post = (path: string, sent: Sent) => app.client().post(path, sent);

describe('keys that are not known', () => {
  it.each(KEYS)('are refused in the JSON of a registration: %s', async (key) => {
    // Written out: an object literal would take `__proto__` for its prototype.
    const body = `${JSON.stringify(NEW).slice(0, -1)},"${key}":{"role":"admin"}}`;
    expectInvalid(await post('/auth/register', { body, headers: JSON_TYPE }), key, 'unknown_key');
  });

  it.each(KEYS)('are refused in the JSON of a login: %s', async (key) => {
    const body = `{"email":"${EMAIL}","password":"${PASSWORD}","${key}":"admin"}`;
    expectInvalid(await post('/auth/login', { body, headers: JSON_TYPE }), key, 'unknown_key');
  });

  it.each([...KEYS, 'roles[]', '__proto__[role]', 'email[]', 'email.x', 'role ', 'token '])(
    'are refused in a form: %s',
    async (key) => {
      for (const path of ['/auth/register', '/auth/login']) {
        const { status, cookies } = await post(path, { form: { ...NEW, [key]: 'admin' } });
        expect([status, cookies], path).toEqual([400, []]);
      }
    },
  );

  it('are refused where no field is expected', async () => {
    expectInvalid(await post('/auth/logout', { json: { all: true } }), 'all', 'unknown_key');
    expect((await post('/auth/logout', { form: { all: 'true' } })).status).toBe(400);
    expect((await post('/counter', { form: { by: '1000' } })).status).toBe(400);
  });

  it('do not reach the prototype of anything', async () => {
    const body = `{"email":"x@example.com","password":"${PASSWORD}","__proto__":{"roles":["admin"]}}`;
    await post('/auth/register', { body, headers: JSON_TYPE });
    expect(({} as { roles?: unknown }).roles).toBeUndefined();
  });
});

describe('values of the wrong type', () => {
  const WRONG = [[], ['eve@example.com'], {}, { $ne: null }, { length: 12 }, 1, 0, true, null];
  const FIELDS = [
    ...['email', 'username', 'name', 'password'].map((field) => ['/auth/register', field] as const),
    ...['email', 'username', 'password'].map((field) => ['/auth/login', field] as const),
  ];

  it.each(FIELDS)('are refused by %s in place of the text of %s', async (path, field) => {
    const names = field === 'username' ? { password: PASSWORD } : NEW;
    for (const value of WRONG) {
      expectInvalid(
        await post(path, { json: { ...names, [field]: value } }),
        field,
        'invalid_type',
      );
    }
  });

  it.each(['true', 'on', 1, 0, null, [], {}])('are refused as remember: %j', async (remember) => {
    const json = { email: EMAIL, password: PASSWORD, remember };
    expectInvalid(await post('/auth/login', { json }), 'remember', 'invalid_type');
  });

  it.each(['[]', '[{}]', '"text"', '1', 'null', 'true', '{', '{}{}', "{'a':1}", 'NaN', ' '])(
    'are refused as a whole body: %s',
    async (body) => {
      for (const path of ['/auth/register', '/auth/login', '/auth/logout']) {
        expectInvalid(await post(path, { body, headers: JSON_TYPE }), '', 'invalid_json');
      }
    },
  );

  it('are refused however deep they are nested', async () => {
    const deep = '['.repeat(8000) + ']'.repeat(8000);
    const objects = '{"a":'.repeat(2500) + 1 + '}'.repeat(2500);
    for (const value of [deep, objects]) {
      const body = `{"email":${value},"password":"x"}`;
      expectInvalid(await post('/auth/register', { body, headers: JSON_TYPE }), 'email');
      expectInvalid(await post('/auth/login', { body: deep, headers: JSON_TYPE }), '');
    }
  });
});

describe('text that is no Unicode', () => {
  const BYTES: Record<string, number[]> = {
    'a stray byte': [0xff],
    'a cut sequence': [0xe2, 0x82],
    'an overlong NUL': [0xc0, 0x80],
    'half a surrogate pair': [0xed, 0xa0, 0x80],
    'a code point past the last': [0xf5, 0x80, 0x80, 0x80],
  };

  it.each(Object.entries(BYTES))('is refused in JSON: %s', async (_name, bytes) => {
    const [before, after] = [`{"email":"eve@example.com","password":"${PASSWORD}`, '"}'];
    const encode = (text: string) => [...new TextEncoder().encode(text)];
    const body = new Uint8Array([...encode(before), ...bytes, ...encode(after)]);
    for (const path of ['/auth/register', '/auth/login']) {
      expectInvalid(await post(path, { body, headers: JSON_TYPE }), '', 'invalid_json');
    }
  });

  it.each(Object.entries(BYTES))('is refused in a form: %s', async (_name, bytes) => {
    const encoded = bytes.map((byte) => `%${byte.toString(16)}`).join('');
    const fields = [...new TextEncoder().encode('email=eve@example.com&password=long+enough+x')];
    for (const path of ['/auth/register', '/auth/login']) {
      const text = `email=eve@example.com&password=long+enough+${encoded}`;
      expect((await post(path, { body: text, headers: FORM_TYPE })).status).toBe(400);
      const raw = new Uint8Array([...fields, ...bytes]);
      expect((await post(path, { body: raw, headers: FORM_TYPE })).status).toBe(400);
    }
  });

  it.each(['email', 'username', 'name', 'password'])(
    'is refused as half a surrogate pair in %s',
    async (field) => {
      for (const half of ['\\ud800', '\\udfff', 'x\\udbffx']) {
        const fields = { ...NEW, [field]: '#' };
        const body = JSON.stringify(fields).replace('"#"', `"${half} long enough to be one"`);
        const sent = { body, headers: JSON_TYPE };
        expectInvalid(await post('/auth/register', sent), field, 'invalid_text');
      }
    },
  );

  it('is refused in a key', async () => {
    const body = '{"email":"eve@example.com","password":"x","\\ud800":1}';
    expectInvalid(await post('/auth/login', { body, headers: JSON_TYPE }), '\ud800', 'unknown_key');
  });
});

describe('forms that two readers could read differently', () => {
  it.each([
    `email=${EMAIL}&email=eve@example.com&password=x`,
    `email=${EMAIL}&password=wrong&password=${PASSWORD}`,
    `email=${EMAIL}&password=${PASSWORD}&email=`,
    `email=${EMAIL}&%65mail=eve@example.com&password=${PASSWORD}`,
    `email=${EMAIL}&password=${PASSWORD}&returnTo=/a&returnTo=/b`,
    `email=${EMAIL}&password=${PASSWORD}&__proto__=a&__proto__=b`,
    `email=${EMAIL}&password=${PASSWORD}%`,
    `email=${EMAIL}&password=${PASSWORD}&name=%zz`,
    `email=${EMAIL}&password=${PASSWORD}&remember=perhaps`,
  ])('are refused: %s', async (body) => {
    const { status, cookies } = await post('/auth/login', { body, headers: FORM_TYPE });
    expect([status, cookies]).toEqual([400, []]);
  });
});

describe('control characters', () => {
  it.each(['A\nB', 'A\r\nB', 'A\tB', 'A\0B', '\u001b[31mA', 'A\u0085B', 'A\u2028B', 'A\u2029B'])(
    'are refused in a name: %j',
    async (name) => {
      expectInvalid(
        await post('/auth/register', { json: { ...NEW, name } }),
        'name',
        'invalid_name',
      );
    },
  );
});

import { describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { GERMAN } from '../support/pages.ts';
import { EMAIL } from '../support/requests.ts';

const SAID = expect.stringMatching(/^[A-Z].+\.$/);

const register = async (json: object, headers: Record<string, string> = {}) => {
  const app = await createTestApp();
  const ada = { email: EMAIL, username: 'ada', password: PASSWORD };
  await app.client().post('/auth/register', { json: ada });
  return app.client().post('/auth/register', { json, headers });
};

describe('the errors of fields', () => {
  it('name the field that is taken, both where two are', async () => {
    const { status, json } = await register({
      ...{ email: EMAIL, username: 'ada', password: PASSWORD },
    });
    expect([status, json.code]).toEqual([409, 'email_taken']);
    expect(json.errors).toEqual([
      { path: 'email', code: 'email_taken', message: SAID },
      { path: 'username', code: 'username_taken', message: SAID },
    ]);
    const other = await register({ email: 'b@b.example', username: 'ada', password: PASSWORD });
    expect([other.status, other.json.code]).toEqual([409, 'username_taken']);
    expect(other.json.errors).toEqual([
      { path: 'username', code: 'username_taken', message: SAID },
    ]);
  });

  it('come in one round: an address, a weak password and a name that is taken', async () => {
    const { status, json } = await register({ email: 'x', username: 'ada', password: 'short' });
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.errors).toEqual([
      { path: 'email', code: 'invalid_email', message: SAID },
      { path: 'password', code: 'too_short', message: SAID, min: 12 },
      { path: 'username', code: 'username_taken', message: SAID },
    ]);
    const both = await register({ email: EMAIL, password: 'password1234' });
    expect(both.json.errors).toMatchObject([
      { path: 'password', code: 'too_common' },
      { path: 'email', code: 'email_taken' },
    ]);
  });

  it('come in one round where a password is changed or reset, too', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const change = await client.post('/auth/password', { json: { newPassword: EMAIL } });
    expect(change.json.errors).toMatchObject([
      { path: 'currentPassword', code: 'required' },
      { path: 'newPassword', code: 'contains_context' },
    ]);
    const reset = await client.post('/auth/password/reset', { json: { password: 'short' } });
    expect(reset.json.errors).toMatchObject([
      { path: 'token', code: 'required' },
      { path: 'password', code: 'too_short', min: 12 },
    ]);
  });

  it('tell no more than a count allows which names are taken', async () => {
    const app = await createTestApp({ env: { LIMIT_REGISTER: '2/1h' } });
    await app.registered();
    const ask = async () => {
      const json = { email: EMAIL, username: '!' };
      const { errors } = (await app.client().post('/auth/register', { json })).json;
      return errors.map(({ code }: { code: string }) => code);
    };
    expect(await ask()).toEqual(['invalid_username', 'required', 'email_taken']);
    expect(await ask()).toEqual(['invalid_username', 'required']);
  });

  it('carry the numbers of the rule', async () => {
    const name = 'n'.repeat(101);
    const { json } = await register({ username: '!', name, email: 'a'.repeat(321), password: '' });
    expect(json.errors).toMatchObject([
      { path: 'email', code: 'too_long', max: 320 },
      { path: 'username', code: 'invalid_username', min: 2, max: 32 },
      { path: 'name', code: 'too_long', max: 100 },
      { path: 'password', code: 'too_short', min: 12 },
    ]);
  });

  it('are ten at most, with their number', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`k${n}`, 1]));
    const { status, text, json } = await register({ email: 'x', ...unknown });
    expect([status, json.errors.length, json.errorCount]).toEqual([400, 10, 1502]);
    expect(json.errors.slice(0, 3)).toMatchObject([
      { path: 'email', code: 'invalid_email' },
      { path: 'password', code: 'required' },
      { path: 'k0', code: 'unknown_key' },
    ]);
    expect(json.detail).toBe(
      'Something in the request is not right. The first 10 of 1502 errors are listed.',
    );
    expect(text.length).toBeLessThan(2000);
  });
});

describe('the language of a problem', () => {
  it('is the one that Accept-Language likes best, and the answer says so', async () => {
    const json = { email: 'x', password: 'short' };
    const german = await register(json, GERMAN);
    expect(german.headers.get('content-language')).toBe('de');
    expect(german.headers.get('vary')).toMatch(/\bAccept-Language\b/);
    expect(german.json).toMatchObject({
      title: 'Ungültige Anfrage',
      detail: 'Etwas an der Anfrage stimmt nicht.',
      code: 'invalid_request',
      errors: [
        { path: 'email', message: 'Das ist keine E-Mail-Adresse.' },
        { path: 'password', message: 'Das ist zu kurz: Es müssen mindestens 12 Zeichen sein.' },
      ],
    });
    const english = await register(json);
    expect(english.headers.get('content-language')).toBe('en');
    expect(english.headers.get('vary')).toMatch(/\bAccept-Language\b/);
    expect(english.json.title).toBe('Invalid request');
  });
});

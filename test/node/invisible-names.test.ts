import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { admin, patch } from '../support/accounts.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';

const REFUSED = {
  'an override of direction': 'Ada\u202egnp.exe',
  'an isolate': '\u2066Ada\u2069',
  'an Arabic letter mark': 'Ada\u061c',
  'a zero-width space': 'Ad\u200ba',
  'a joiner at the end': 'Ada\u200d',
  'two joiners': 'Ad\u200c\u200da',
  'a joiner after a space': 'Ada \u200dB',
  'a word joiner': 'Ad\u2060a',
  'a soft hyphen': 'Ad\u00ada',
  'a byte order mark inside': 'Ad\ufeffa',
  'a tag': 'Ada\u{e0041}',
  'a variation selector on a letter': 'Ada\ufe0f',
  'a filler alone': '\u3164',
  'a blank Braille pattern': '\u2800',
  'a line break': 'Ada\nLovelace',
};

const TAKEN = {
  'a Persian joiner inside a word': '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  'a Sinhala conjunct': '\u0dc1\u0dca\u200d\u0dbb\u0dd3',
  'a family of emoji': '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'a coloured profession': '\u{1f469}\u{1f3fd}\u200d\u{1f680}',
  'a red heart': 'Ada \u2764\ufe0f',
  'a variant of a Han letter': '\u845b\u{e0100}\u57ce',
  'names of several scripts': 'Zo\u00eb \u05d0\u05d3\u05d4 \u0639\u062f\u0629 O\u2019Brien',
};

describe('a name', () => {
  it.each(Object.entries(REFUSED))('is refused with %s, wherever it is set', async (_, name) => {
    const app = await createTestApp();
    const { client } = await admin(app);
    const json = { email: 'eve@example.com', password: PASSWORD, name };
    for (const answer of [
      await app.client().post('/auth/register', { json }),
      await patch(client, '/auth/user', { name }),
      await client.post('/admin/users', { json: { email: 'eve@example.com', name } }),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
      expect(answer.json.errors).toMatchObject([{ path: 'name', code: 'invalid_name' }]);
    }
  });

  it.each(Object.entries(TAKEN))('is taken with %s', async (_, name) => {
    const { client } = await (await createTestApp()).registered();
    const { status, json } = await patch(client, '/auth/user', { name });
    expect([status, json.user?.name]).toEqual([200, name]);
  });
});

describe('the name of the service', () => {
  it.each([{ APP_NAME: 'Acme\u202e' }, { MAIL_FROM: 'Ac\u200bme <no-reply@example.com>' }])(
    'is refused with what nobody sees: %j',
    (env) => {
      const [setting = ''] = Object.keys(env);
      expect(() => parseConfig(env, 'node')).toThrow(setting);
    },
  );
});

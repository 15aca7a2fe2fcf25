import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, it } from 'vitest';
import { isCommon } from '../../src/passwords/common.ts';
import { COMMON_PASSWORDS } from '../../src/passwords/common-list.ts';
import type { PasswordContext } from '../../src/passwords/context.ts';
import { createPasswordPolicy } from '../../src/passwords/policy.ts';
import { silentLog } from '../support/logs.ts';

const NOBODY: PasswordContext = { email: null, username: null, name: null };
const ADA = { email: 'ada.l@analytical-engine.co.uk', username: 'countess', name: 'Ada Lovelace' };

const policy = (minLength = 12) =>
  createPasswordPolicy({ minLength, appName: 'Gatehouse', breached: null, log: silentLog });

/** The code of the refusal; null: the password may be used. */
const problem = async (password: string, minLength = 12, about = NOBODY) =>
  (await policy(minLength).check(password, about))?.errors?.[0]?.code ?? null;

describe('the length of a new password', () => {
  it('is at least what the setting says', async () => {
    expect(await problem('')).toBe('too_short');
    expect(await problem('elevenchars')).toBe('too_short');
    expect(await problem('twelve chars')).toBeNull();
    expect(await problem('twelve chars', 13)).toBe('too_short');
    expect(await problem('a', 1)).toBeNull();
  });

  it('is at most 256', async () => {
    expect(await problem('a'.repeat(256))).toBeNull();
    expect(await problem('a'.repeat(257))).toBe('too_long');
  });

  it('is measured in code points, not in bytes or UTF-16 units', async () => {
    expect(await problem('👍'.repeat(11))).toBe('too_short');
    expect(await problem('👍'.repeat(12))).toBeNull();
    expect(await problem('👍'.repeat(256))).toBeNull();
    expect(await problem('👍'.repeat(257))).toBe('too_long');
  });

  it('is measured after composition, so that the way of typing makes no difference', async () => {
    expect(await problem('e\u0301'.repeat(11))).toBe('too_short');
    expect(await problem('e\u0301'.repeat(12))).toBeNull();
    expect(await problem('e\u0301'.repeat(256))).toBeNull();
  });

  it('is all that counts outside ASCII, white space and control characters included', async () => {
    for (const character of [' ', '\0', '\n', '日', 'é']) {
      expect(await problem(character.repeat(12))).toBeNull();
    }
  });

  it('is refused with the field and a sentence that names the limit', async () => {
    expect(await policy().check('too short', NOBODY, 'newPassword')).toEqual({
      ok: false,
      code: 'invalid_request',
      errors: [
        { path: 'newPassword', code: 'too_short', message: 'Use at least 12 characters.', min: 12 },
      ],
    });
    expect((await policy().check('x'.repeat(257), NOBODY))?.errors).toEqual([
      { path: 'password', code: 'too_long', message: 'Use at most 256 characters.', max: 256 },
    ]);
  });
});

describe('a password that everybody tries', () => {
  it.each([
    ['on the list', ['transformers', 'administrator', '1q2w3e4r5t6y']],
    ['in capitals', ['TransFormers', 'QWERTYUIOP12']],
    [
      'with digits and punctuation',
      ['password1234!', '2024Summer!!!', '123abc!!!!!!', 'zebra48151623'],
    ],
    ['with a keyboard row', ['passwordqwerty', 'asdfghmonkey', 'letmein123456789']],
    [
      'repeated',
      ['passwordpassword', 'password password', 'Monkey!Monkey!Mon', 'letmein1letmein1!!'],
    ],
    ['spelled with look-alikes', ['P@$$w0rd2024', '5unsh1ne!!!!', 'tr4nsf0rm3rs']],
    [
      'of one or a few characters',
      ['aaaaaaaaaaaa', '!!!!!!!!!!!!', 'abababababab', 'aaaabbbbcccc'],
    ],
    [
      'of rows and counting',
      ['123456789012', '1234-5678-9012', 'qwertyasdfgh', '1qaz@WSX3edc$RFV'],
    ],
    ['of rows backwards', ['210987654321', 'poiuytlkjhgf']],
  ])('is refused: %s', async (_which, passwords) => {
    for (const password of passwords)
      expect([password, await problem(password)]).toEqual([password, 'too_common']);
  });

  it.each([
    'correct horse battery staple',
    'another horse battery staple',
    'my password is a secret',
    'monkeybusiness',
    'dragon fruit salad',
    'zebra 907152863',
    'kx9#mQ2!vL8p',
    '481516234299',
    'understudy rehearsal',
    'caf\u00e9 caf\u00e9 caf\u00e9',
    'tick tock tick tock',
    'x'.repeat(20),
    '0123456789'.repeat(7),
    'x'.repeat(72),
  ])('is not a passphrase, what is random or what is long: %j', async (password) => {
    expect(await problem(password)).toBeNull();
  });

  it('is refused where short ones are allowed too, and what is random is not', async () => {
    for (const password of ['1234', 'abc123', 'monkey', 'aaaa', 'Welcome1', 'qwerty!']) {
      expect([password, await problem(password, 4)]).toEqual([password, 'too_common']);
    }
    for (const password of ['x9k2', 'kx739!42']) expect(await problem(password, 4)).toBeNull();
  });

  it('is any of the 10,800 most frequent, and of the long ones of the source', () => {
    const source = dictionary['passwords-common'] ?? [];
    const taken = source.filter((entry, rank) => rank < 10_800 || entry.length >= 12);
    expect(taken.length).toBeGreaterThan(10_800);
    expect(taken.filter((entry) => !isCommon(entry))).toEqual([]);
    expect(COMMON_PASSWORDS.match(/[A-Z]/g)?.length).toBeGreaterThan(10_000);
  });
});

describe('a password made of what everybody knows about its owner', () => {
  it.each([
    ['the email', ['ada.l@analytical-engine.co.uk', 'Ada.L@Analytical-Engine.co.uk1']],
    ['its domain', ['analytical-engine', 'AnalyticalEngine1843']],
    ['the username', ['countess1843', 'countess19900521', 'COUNTESS!!!!!', 'countess123456789']],
    ['the name', ['Ada Lovelace', 'adalovelace12', 'ada-lovelace-1815', 'lovelace2024!']],
    ['the service', ['gatehouse1234', 'Gatehouse2024!', 'gatehousegatehouse']],
    ['several', ['countess@gatehouse', 'ada.at.gatehouse']],
  ])('is refused: %s', async (_which, passwords) => {
    for (const password of passwords) {
      expect([password, await problem(password, 12, ADA)]).toEqual([password, 'contains_context']);
    }
  });

  it('may hold it beside enough else', async () => {
    for (const password of [
      'countess of all numbers',
      'gatehouse kx9#mQ2!v',
      'Ada, first of the coders',
    ]) {
      expect([password, await problem(password, 12, ADA)]).toEqual([password, null]);
    }
  });

  it('is found however it is composed', async () => {
    const about = { ...NOBODY, name: 'Rene\u0301e' };
    expect(await problem('REN\u00c9E-12345678', 12, about)).toBe('contains_context');
  });
});

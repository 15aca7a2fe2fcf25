import { describe, expect, it } from 'vitest';
import { checkPassword } from '../../src/passwords/policy.ts';

/** The code of the refusal; null: the password may be used. */
const problem = (password: string, minLength = 12) =>
  checkPassword(password, { minLength })?.errors?.[0]?.code ?? null;

describe('a new password', () => {
  it('is at least as long as the setting says', () => {
    expect(problem('')).toBe('too_short');
    expect(problem('a'.repeat(11))).toBe('too_short');
    expect(problem('a'.repeat(12))).toBeNull();
    expect(problem('a'.repeat(12), 13)).toBe('too_short');
    expect(problem('a', 1)).toBeNull();
  });

  it('is at most 256 characters long', () => {
    expect(problem('a'.repeat(256))).toBeNull();
    expect(problem('a'.repeat(257))).toBe('too_long');
  });

  it('is measured in code points, not in bytes or UTF-16 units', () => {
    expect(problem('👍'.repeat(11))).toBe('too_short');
    expect(problem('👍'.repeat(12))).toBeNull();
    expect(problem('👍'.repeat(256))).toBeNull();
    expect(problem('👍'.repeat(257))).toBe('too_long');
  });

  it('is measured after composition, so that the way of typing makes no difference', () => {
    expect(problem('e\u0301'.repeat(11))).toBe('too_short');
    expect(problem('e\u0301'.repeat(12))).toBeNull();
    expect(problem('e\u0301'.repeat(256))).toBeNull();
  });

  it('may be made of anything, white space and NUL included', () => {
    for (const character of [' ', 'a', '1', '\0', '\n', '日']) {
      expect(problem(character.repeat(12))).toBeNull();
    }
  });

  it('is refused with the field and a sentence that names the limit', () => {
    const refused = checkPassword('too short', { minLength: 12 }, 'newPassword');
    expect(refused).toEqual({
      ok: false,
      code: 'invalid_request',
      errors: [{ path: 'newPassword', code: 'too_short', message: 'Use at least 12 characters.' }],
    });
    expect(checkPassword('x'.repeat(257), { minLength: 12 })?.errors).toEqual([
      { path: 'password', code: 'too_long', message: 'Use at most 256 characters.' },
    ]);
  });
});

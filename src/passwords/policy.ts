import { invalidField, type Refusal } from '../errors.ts';

/** ASVS 6.2.9 asks for at least 64; more than this is no better and costs time. */
const MAX_LENGTH = 256;

/** What a new password must be. Lengths count code points after NFC, as people count characters. */
export interface PasswordPolicy {
  minLength: number;
}

/**
 * null: the password may be used. No composition rules (NIST SP 800-63B-4 section 3.1.1.2,
 * ASVS 6.2.5).
 */
export function checkPassword(
  password: string,
  { minLength }: PasswordPolicy,
  path = 'password',
): Refusal | null {
  const length = [...password.normalize('NFC')].length;
  if (length < minLength) {
    return invalidField(path, 'too_short', `Use at least ${minLength} characters.`);
  }
  if (length > MAX_LENGTH) {
    return invalidField(path, 'too_long', `Use at most ${MAX_LENGTH} characters.`);
  }
  return null;
}

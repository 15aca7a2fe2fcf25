import { invalidField, type Refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Breached } from './breach.ts';
import { isCommon } from './common.ts';
import { isMadeOfContext, type PasswordContext } from './context.ts';

/** ASVS 6.2.9 asks for at least 64; more than this is no better and costs time. */
const MAX_LENGTH = 256;

/** What a new password must be, on every route that sets one. */
export interface PasswordPolicy {
  /** null: the password may be used. The refusal names the field `path`, or else `password`. */
  check(password: string, about: PasswordContext, path?: string): Promise<Refusal | null>;
}

export interface PasswordPolicyParts {
  /** Code points after NFC, as people count characters. */
  minLength: number;
  /** The name of the service. */
  appName: string;
  /** null: nobody outside is asked. */
  breached: Breached | null;
  log: Log;
}

/**
 * No composition rules (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2.5). What costs a call to
 * somebody else comes last.
 */
export function createPasswordPolicy(parts: PasswordPolicyParts): PasswordPolicy {
  const { minLength, appName, breached, log } = parts;

  /** Why a password can't be used; null when it can. */
  async function fault(
    password: string,
    about: PasswordContext,
  ): Promise<[code: string, message: string] | null> {
    const length = [...password.normalize('NFC')].length;
    if (length < minLength) return ['too_short', `Use at least ${minLength} characters.`];
    if (length > MAX_LENGTH) return ['too_long', `Use at most ${MAX_LENGTH} characters.`];
    if (isMadeOfContext(password, about, appName)) {
      return ['contains_context', `Use more than your names, your email or “${appName}”.`];
    }
    if (isCommon(password)) {
      return ['too_common', 'This is easy to guess. Use something else, such as several words.'];
    }
    if (await isBreached(password)) {
      return ['breached', 'This password is known from a data breach. Use another one.'];
    }
    return null;
  }

  /** A check that can't be made turns nobody away: the rules above hold without it. */
  async function isBreached(password: string): Promise<boolean> {
    try {
      return breached !== null && (await breached(password));
    } catch (error) {
      log.warn('the breach check was left out', { error });
      return false;
    }
  }

  return {
    async check(password, about, path = 'password') {
      const found = await fault(password, about);
      return found && invalidField(path, ...found);
    },
  };
}

import { type FieldError, invalidField, type Refusal } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Breached } from './breach.ts';
import { isCommon } from './common.ts';
import { isMadeOfContext, type PasswordContext } from './context.ts';

/** ASVS 6.2.9 asks for at least 64; more than this is no better and costs time. */
const MAX_LENGTH = 256;

const NOBODY: PasswordContext = { email: null, username: null, name: null };

/** What a new password must be, on every route that sets one. */
export interface PasswordPolicy {
  /** null: the password may be used. The refusal names the field `path`, or else `password`. */
  check(password: string, about: PasswordContext, path?: string): Promise<Refusal | null>;
  /**
   * The same for a request that is refused anyway, by this server's own rules alone: they ask nobody
   * else. `about` is null where nothing is known of whom the password is for.
   */
  errorsOf(
    password: string | undefined,
    about: PasswordContext | null | undefined,
    path?: string,
  ): readonly FieldError[];
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

  function checkRules(password: string, about: PasswordContext, path: string): Refusal | null {
    const length = [...password.normalize('NFC')].length;
    if (length < minLength) {
      const message = `Use at least ${minLength} characters.`;
      return invalidField(path, 'too_short', message, { min: minLength });
    }
    if (length > MAX_LENGTH) {
      const message = `Use at most ${MAX_LENGTH} characters.`;
      return invalidField(path, 'too_long', message, { max: MAX_LENGTH });
    }
    if (isMadeOfContext(password, about, appName)) {
      const message = `Use more than your names, your email or “${appName}”.`;
      return invalidField(path, 'contains_context', message);
    }
    if (isCommon(password)) {
      const message = 'This is easy to guess. Use something else, such as several words.';
      return invalidField(path, 'too_common', message);
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
    errorsOf(password, about, path = 'password') {
      if (password === undefined) return [];
      return checkRules(password, about ?? NOBODY, path)?.errors ?? [];
    },
    async check(password, about, path = 'password') {
      const refused = checkRules(password, about, path);
      if (refused || !(await isBreached(password))) return refused;
      const message = 'This password is known from a data breach. Use another one.';
      return invalidField(path, 'breached', message);
    },
  };
}

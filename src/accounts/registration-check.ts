import type { Caller } from '../caller.ts';
import {
  Fault,
  type FieldError,
  invalidFields,
  type Refusal,
  takenName,
  takenNames,
} from '../errors.ts';
import { networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { PasswordPolicy } from '../passwords/policy.ts';
import type { Users } from '../users/users.ts';

/** What somebody typed into the form for an account. A field that is not valid is left out. */
export interface RegistrationFields {
  email?: string | null | undefined;
  username?: string | null | undefined;
  name?: string | null | undefined;
  password?: string | undefined;
}

export interface RegistrationCheck {
  /** What is wrong with the password, and which names are taken, all at once. Null: nothing. */
  refusalOf(fields: RegistrationFields): Promise<Refusal | null>;
  /**
   * The same for a request in which another field is wrong already. Where a name is looked up it
   * counts as a try to register, as it tells whether the name is taken. Returns nothing when there were too many tries or a part does
   * not answer: the request is refused anyway.
   */
  errorsOf(fields: RegistrationFields, by: Caller): Promise<readonly FieldError[]>;
}

export interface RegistrationCheckParts {
  users: Pick<Users, 'taken'>;
  policy: PasswordPolicy;
  limit: Limits;
}

export function createRegistrationCheck(parts: RegistrationCheckParts): RegistrationCheck {
  const { users, policy, limit } = parts;
  return {
    refusalOf,
    async errorsOf(fields, by) {
      const { email = null, username = null, name = null, password } = fields;
      if (!email && !username) return policy.errorsOf(password, { email, username, name });
      const attempt = async () => (await refusalOf(fields)) ?? ({ ok: true } as const);
      const found = await limit.attempt(networksOf(by.ip), attempt).catch(unanswered);
      return found.ok ? [] : (found.errors ?? []);
    },
  };

  async function refusalOf(fields: RegistrationFields): Promise<Refusal | null> {
    const { email = null, username = null, name = null, password } = fields;
    const about = { email, username, name };
    const weak = password === undefined ? null : await policy.check(password, about);
    const taken = await users.taken({ email, username });
    if (weak) return invalidFields([...(weak.errors ?? []), ...taken.map(takenName)]);
    return taken.length > 0 ? takenNames(taken) : null;
  }
}

function unanswered(error: unknown): { ok: true } {
  if (error instanceof Fault) return { ok: true };
  throw error;
}

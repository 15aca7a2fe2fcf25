import * as v from 'valibot';
import { canonicalEmail } from '../users/email.ts';
import { hasInvisible } from '../users/invisible.ts';
import { storedName } from '../users/login-name.ts';
import { ROLE } from '../users/roles.ts';
import type { Identifier } from '../users/users.ts';

/** Text that can be stored: no half of a surrogate pair, which no UTF-8 can hold. */
const text = v.pipe(
  v.string(),
  v.check((value) => value.isWellFormed(), 'invalid_text: This text is not valid Unicode.'),
);

const email = v.pipe(
  text,
  v.transform(canonicalEmail),
  v.string('invalid_email: This is not an email address.'),
);

/** Only ASCII before it is lowered: the Kelvin sign would become a `k`. */
const username = v.pipe(
  text,
  v.trim(),
  v.regex(
    /^[A-Za-z0-9._-]{2,32}$/,
    'invalid_username: Use 2 to 32 letters, digits, dots, hyphens or underscores.',
  ),
  v.toLowerCase(),
);

const name = v.pipe(
  text,
  v.trim(),
  v.normalize('NFC'),
  v.check((value) => [...value].length <= 100, 'too_long: Use at most 100 characters.'),
  v.check((value) => !hasInvisible(value), 'invalid_name: Leave out invisible characters.'),
  v.transform((value) => (value === '' ? null : value)),
);

export const Registration = v.pipe(
  v.object({
    email: v.optional(email),
    username: v.optional(username),
    name: v.optional(name),
    password: text,
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => names.email !== undefined || names.username !== undefined,
      'required: Give an email address or a user name.',
    ),
    ['email'],
  ),
);

/** Whom a login names. What can be nobody's name is no error here: all failures look alike. */
export const Credentials = v.pipe(
  v.object({
    email: v.optional(text),
    username: v.optional(text),
    password: text,
    remember: v.optional(v.boolean(), false),
    /** Asks for the token in the answer, for programs without a cookie jar. */
    token: v.optional(v.boolean(), false),
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => (names.email === undefined) !== (names.username === undefined),
      'required: Give either an email address or a user name.',
    ),
    ['email'],
  ),
);

/** Proof of who is signed in. Password rules are not applied to one that there is. */
export const Proof = v.object({ password: text });

export const NewPassword = v.object({ currentPassword: text, newPassword: text });

/** Whom a link is to be sent to. */
export const NewEmail = v.object({ email });

/** What an account is asked for with whose password is set by the mailed link. */
export const Asked = v.object({ email, name: v.optional(name) });

/** The secret of a mailed link; anything else is a link that does not work. */
const link = v.pipe(text, v.maxLength(256, 'too_long: This is no link of ours.'));

export const UsedLink = v.object({ token: link });

export const ResetByLink = v.object({ token: link, password: text });

/** The password may stand in for a recent login. */
export const NewEmailAndProof = v.object({ email, password: v.optional(text) });

/** A form leaves out what is empty: no name then. */
export const ProfileForm = v.object({
  name: v.optional(name, ''),
  username: v.optional(username),
});

export const Profile = v.object({
  name: v.optional(v.nullable(name)),
  username: v.optional(username),
});

const role = v.pipe(
  text,
  v.regex(
    ROLE,
    'invalid_role: Use up to 32 small letters, digits, hyphens or underscores, a letter first.',
  ),
);

export const Administered = v.object({
  name: v.optional(v.nullable(name)),
  disabled: v.optional(v.boolean()),
  roles: v.optional(v.pipe(v.array(role), v.maxLength(50, 'too_long: Give at most 50 roles.'))),
});

export const Invited = v.pipe(
  v.object({
    email: v.optional(email),
    username: v.optional(username),
    name: v.optional(v.nullable(name)),
    roles: Administered.entries.roles,
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => names.email !== undefined || names.username !== undefined,
      'required: Give an email address or a user name.',
    ),
    ['email'],
  ),
);

/**
 * The identifier of a login: what the table may hold, the names of an import included that
 * registration would refuse. An address is looked up as it was typed and in its canonical form, which
 * differ for an international domain. null: it can be nobody's.
 */
export function identifierOf(names: {
  email?: string | undefined;
  username?: string | undefined;
}): Identifier | null {
  const name = storedName(names.email ?? names.username ?? '');
  if (name === null) return null;
  if (names.email === undefined) return { username: name };
  const canonical = canonicalEmail(names.email);
  return { login: [...new Set([name, canonical ?? name])] };
}

/** The sign-in form has one field for both names, and a checkbox. */
export function prepareLogin(fields: Record<string, string>): Record<string, unknown> {
  const { email, remember, ...others } = fields;
  const isUsername = email !== undefined && !email.includes('@') && others.username === undefined;
  return {
    ...others,
    ...(email === undefined ? {} : { [isUsername ? 'username' : 'email']: email }),
    ...(remember === undefined ? {} : { remember: isOn(remember) }),
  };
}

/** What a checkbox sends; anything else is left as it is, and refused as no boolean. */
function isOn(value: string): boolean | string {
  if (value === 'on' || value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}

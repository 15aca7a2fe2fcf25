import * as v from 'valibot';
import { rule } from '../field-rules.ts';
import { canonicalEmail } from '../users/email.ts';
import { hasInvisible } from '../users/invisible.ts';
import { storedName } from '../users/login-name.ts';
import { ROLE } from '../users/roles.ts';
import type { Identifier } from '../users/users.ts';

/**
 * Greatest lengths in UTF-16 units. They are checked before anything else looks at a text: to
 * normalize one takes time that grows with the square of its length (ASVS 15.2.2).
 */
const MAX_EMAIL = 320;
const MAX_PASSWORD = 1024;
const MAX_TEXT = 2048;

/** A code point of NFC is at most four before it, each of at most two units. */
const MAX_NAME = 100;
const MAX_NAME_UNITS = MAX_NAME * 4 * 2;

/** Text that can be stored: no half of a surrogate pair, which no UTF-8 can hold. */
const text = (max: number) =>
  v.pipe(
    v.string(),
    v.maxLength(max, rule('too_long', `Use at most ${max} characters.`, { max })),
    v.check(
      (value) => value.isWellFormed(),
      rule('invalid_text', 'This text is not valid Unicode.'),
    ),
  );

const email = v.pipe(
  text(MAX_EMAIL),
  v.transform(canonicalEmail),
  v.string(rule('invalid_email', 'This is not an email address.')),
);

/** A password as typed. What a new one has to be is a question for the password policy. */
const password = text(MAX_PASSWORD);

/** Only ASCII before it is lowered: the Kelvin sign would become a `k`. */
const username = v.pipe(
  text(MAX_TEXT),
  v.trim(),
  v.regex(
    /^[A-Za-z0-9._-]{2,32}$/,
    rule('invalid_username', 'Use 2 to 32 letters, digits, dots, hyphens or underscores.', {
      min: 2,
      max: 32,
    }),
  ),
  v.toLowerCase(),
);

const tooLongName = rule('too_long', `Use at most ${MAX_NAME} characters.`, { max: MAX_NAME });

/** A user name as registration takes it. null: it is none. */
export function canonicalUsername(text: string): string | null {
  const parsed = v.safeParse(username, text);
  return parsed.success ? parsed.output : null;
}

const name = v.pipe(
  v.string(),
  v.maxLength(MAX_NAME_UNITS, tooLongName),
  text(MAX_NAME_UNITS),
  v.trim(),
  v.normalize('NFC'),
  v.check((value) => [...value].length <= MAX_NAME, tooLongName),
  v.check((value) => !hasInvisible(value), rule('invalid_name', 'Leave out invisible characters.')),
  v.transform((value) => (value === '' ? null : value)),
);

const NAME_REQUIRED = rule('required', 'Give an email address or a user name.');

export const Registration = v.pipe(
  v.object({
    email: v.optional(email),
    username: v.optional(username),
    name: v.optional(name),
    password,
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => names.email !== undefined || names.username !== undefined,
      NAME_REQUIRED,
    ),
    ['email'],
  ),
);

/** Whom a login names. What can be nobody's name is no error here: all failures look alike. */
export const Credentials = v.pipe(
  v.object({
    email: v.optional(text(MAX_EMAIL)),
    username: v.optional(text(MAX_TEXT)),
    password,
    remember: v.optional(v.boolean(), false),
    /** Asks for the token in the answer, for programs without a cookie jar. */
    token: v.optional(v.boolean(), false),
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => (names.email === undefined) !== (names.username === undefined),
      rule('required', 'Give either an email address or a user name.'),
    ),
    ['email'],
  ),
);

/** Proof of who is signed in. Password rules are not applied to one that there is. */
export const Proof = v.object({ password });

export const NewPassword = v.object({ currentPassword: password, newPassword: password });

/** Whom a link is to be sent to. */
export const NewEmail = v.object({ email });

/** What an account is asked for with whose password is set by the mailed link. */
export const Asked = v.object({ email, name: v.optional(name) });

/** The secret of a mailed link; anything else is a link that does not work. */
const link = v.pipe(
  text(MAX_TEXT),
  v.maxLength(256, rule('too_long', 'This is no link of ours.', { max: 256 })),
);

export const UsedLink = v.object({ token: link });

/** The password is for a change of address, where nobody is signed in. */
export const VerifyLink = v.object({ token: link, password: v.optional(password) });

export const ResetByLink = v.object({ token: link, password });

/** The password may stand in for a recent login. */
export const NewEmailAndProof = v.object({ email, password: v.optional(password) });

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
  text(MAX_TEXT),
  v.regex(
    ROLE,
    rule(
      'invalid_role',
      'Use up to 32 small letters, digits, hyphens or underscores, a letter first.',
      { max: 32 },
    ),
  ),
);

const MAX_ROLES = 50;

/** The first role that is none is told, so that thousands of them cost no more than one. */
const roles = v.pipe(
  v.config(v.array(role), { abortEarly: true }),
  v.maxLength(MAX_ROLES, rule('too_long', `Give at most ${MAX_ROLES} roles.`, { max: MAX_ROLES })),
);

export const Administered = v.object({
  name: v.optional(v.nullable(name)),
  disabled: v.optional(v.boolean()),
  roles: v.optional(roles),
});

export const Invited = v.pipe(
  v.object({
    email: v.optional(email),
    username: v.optional(username),
    name: v.optional(v.nullable(name)),
    roles: v.optional(roles),
  }),
  v.forward(
    v.partialCheck(
      [['email'], ['username']],
      (names) => names.email !== undefined || names.username !== undefined,
      NAME_REQUIRED,
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

import { EMAIL, type Schema } from './schemas.ts';

const described = (description: string, example?: unknown): Schema => ({
  description,
  ...(example !== undefined && { examples: [example] }),
});

/** What the fields of bodies are for, with an example of each, by name. */
export const bodyFields: Record<string, Schema> = {
  email: described('The email address.', EMAIL),
  username: described('The user name: 2 to 32 letters, digits, `.`, `_` or `-`.', 'ada'),
  name: described('The name to show: up to 100 characters.', 'Ada Lovelace'),
  password: described('The password.', 'a long password of Ada'),
  currentPassword: described('The password so far.', 'a long password of Ada'),
  newPassword: described('The new password.', 'seventeen quiet harbours'),
  remember: described('Keeps the session after the browser is closed. False when absent.', true),
  token: described('The secret from the mailed link.', 'pM0nTq7hZ2vXc9LbRf4sYw8kJd1gAe6u'),
  roles: described('The roles besides `user`, which every user has.', ['editor']),
  disabled: described('True keeps the user from signing in and ends all sessions.', true),
};

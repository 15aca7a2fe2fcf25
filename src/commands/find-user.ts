import { identifierOf } from '../accounts/input.ts';
import type { Services } from '../services.ts';
import type { User } from '../users/users.ts';

/** The user of an email or a user name, as a login finds them. Throws one line: there is none. */
export async function findUser(name: string, { users }: Pick<Services, 'users'>): Promise<User> {
  const identifier = identifierOf(name.includes('@') ? { email: name } : { username: name });
  const found = identifier && (await users.withPassword(identifier));
  if (!found) throw new Error(`there is no user ${name}`);
  return found.user;
}

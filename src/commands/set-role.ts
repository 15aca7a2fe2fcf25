import type { Admin } from '../accounts/administration.ts';
import { identifierOf } from '../accounts/input.ts';
import { ROLE } from '../accounts/roles.ts';
import { parseConfig } from '../config.ts';
import { openPlatform } from '../node/platform.ts';
import { createServices } from '../services.ts';
import type { Call, Command } from './command.ts';

/** Nobody's request. */
const COMMAND_LINE: Admin = {
  id: null,
  by: { ip: null, userAgent: null, requestId: 'gatehouse users set-role', language: 'en' },
};

/** Makes the first admin. Holds at the user's next request. */
export const setRole: Command = {
  name: 'users set-role',
  takes: 'EMAIL ROLE...',
  does: 'gives a user these roles, and no others but "user"',
  options: [],
  async run(call) {
    const [name, ...roles] = call.args;
    if (!name || roles.length === 0) return null;
    const wrong = roles.find((role) => !ROLE.test(role));
    if (wrong !== undefined) throw new Error(`"${wrong}" is not a role: up to 32 of a-z 0-9 _ -`);
    console.log(`${name} now has the roles ${(await change(name, roles, call)).join(', ')}.`);
    return 0;
  },
};

/** Resolves with the roles that the user has now. */
async function change(name: string, roles: string[], { env, migrations }: Call) {
  const { config, platform } = await openPlatform(parseConfig(env, 'node'), migrations);
  const { users, administration } = createServices(config, platform);
  try {
    const identifier = identifierOf(name.includes('@') ? { email: name } : { username: name });
    const found = identifier && (await users.withPassword(identifier));
    if (!found) throw new Error(`there is no user ${name}`);
    const result = await administration.change(found.user.id, { roles }, COMMAND_LINE);
    if (!result.ok) {
      const last = result.code === 'last_admin';
      throw new Error(last ? `${name} is the last admin; make another one first` : result.code);
    }
    return result.user.roles;
  } finally {
    await platform.redis.close();
    platform.database.close();
  }
}

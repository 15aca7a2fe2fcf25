import type { Services } from '../services.ts';
import type { Call, Command } from './command.ts';
import { findUser } from './find-user.ts';
import { checkRoles, commandLine, withServices } from './with-services.ts';

/** Makes the first admin. Holds at the user's next request. */
export const setRole: Command = {
  name: 'users set-role',
  takes: 'EMAIL|USERNAME ROLE... [--unconfirmed]',
  does: 'gives a user these roles, and no others but "user"',
  options: [],
  flags: ['unconfirmed'],
  async run(call) {
    const [name, ...roles] = call.args;
    if (!name || roles.length === 0) return null;
    checkRoles(roles);
    const given = await withServices(call, (services) => change(name, roles, call, services));
    console.log(`${name} now has the roles ${given.join(', ')}.`);
    return 0;
  },
};

/** Resolves with the roles that the user has now. */
async function change(
  name: string,
  roles: string[],
  { flags }: Pick<Call, 'flags'>,
  services: Services,
) {
  const user = await findUser(name, services);
  const by = commandLine(setRole.name);
  const unconfirmed = flags.has('unconfirmed');
  const result = await services.administration.change(user.id, { roles }, by, unconfirmed);
  if (result.ok) return result.user.roles;
  if (result.code === 'last_admin') {
    throw new Error(`${name} is the last admin; make another one first`);
  }
  if (result.code === 'conflict') {
    throw new Error(
      `${user.email} is not confirmed, so whoever made this account may not be its holder: ` +
        'have them open the link that confirms it, or add --unconfirmed',
    );
  }
  throw new Error(result.code);
}

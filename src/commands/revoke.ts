import type { Services } from '../services.ts';
import type { Command } from './command.ts';
import { findUser } from './find-user.ts';
import { commandLine, withServices } from './with-services.ts';

/** Signs somebody out everywhere, from their next request on. */
export const revoke: Command = {
  name: 'sessions revoke',
  takes: 'EMAIL|USERNAME',
  does: 'ends all sessions of a user',
  options: [],
  async run(call) {
    const [name, ...more] = call.args;
    if (!name || more.length > 0) return null;
    const ended = await withServices(call, (services) => end(name, services));
    console.log(`${name} is signed out everywhere. Sessions ended: ${ended}.`);
    return 0;
  },
};

async function end(name: string, services: Services): Promise<number> {
  const { id } = await findUser(name, services);
  const { id: actor, by } = commandLine(revoke.name);
  const result = await services.revocation.revokeAll(id, { id: actor }, by);
  if (!result.ok) throw new Error(result.code);
  return result.revoked;
}

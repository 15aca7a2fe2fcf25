import type { Services } from '../services.ts';
import type { Command } from './command.ts';
import { findUser } from './find-user.ts';
import { commandLine, withServices } from './with-services.ts';

/** The way back in for somebody whom no mail reaches. */
export const reset: Command = {
  name: 'users reset',
  takes: 'EMAIL|USERNAME',
  does: 'shows a link that sets a new password, to be handed over; clears failed sign-ins',
  options: [],
  async run(call) {
    const [name, ...more] = call.args;
    if (!name || more.length > 0) return null;
    const url = await withServices(call, (services) => make(name, services));
    console.log(`Hand over this link to ${name}, shown once; it works for a day:\n  ${url}`);
    return 0;
  },
};

async function make(name: string, services: Services): Promise<string> {
  const user = await findUser(name, services);
  const result = await services.administration.makeResetLink(user.id, commandLine(reset.name));
  if (result.ok) return result.resetLink.url;
  throw new Error(
    result.code === 'conflict' ? `${name} is disabled: enable the account first` : result.code,
  );
}

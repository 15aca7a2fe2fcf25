import type { Services } from '../services.ts';
import type { Command } from './command.ts';
import { findUser } from './find-user.ts';
import { commandLine, withServices } from './with-services.ts';

export const disable = switching('disable', true, 'keeps a user out, and ends all their sessions');
export const enable = switching('enable', false, 'lets a user in again who was disabled');

function switching(verb: 'disable' | 'enable', disabled: boolean, does: string): Command {
  const name = `users ${verb}`;
  return {
    name,
    takes: 'EMAIL|USERNAME',
    does,
    options: [],
    async run(call) {
      const [user, ...more] = call.args;
      if (!user || more.length > 0) return null;
      await withServices(call, (services) => change(user, services));
      console.log(`${user} is ${verb}d.`);
      return 0;
    },
  };

  async function change(user: string, services: Services): Promise<void> {
    const { id } = await findUser(user, services);
    const result = await services.administration.change(id, { disabled }, commandLine(name));
    if (result.ok) return;
    const last = result.code === 'last_admin';
    throw new Error(last ? `${user} is the last admin; make another one first` : result.code);
  }
}

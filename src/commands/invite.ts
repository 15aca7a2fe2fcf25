import type { Services } from '../services.ts';
import { TEXTS } from '../texts/texts.ts';
import { canonicalEmail } from '../users/email.ts';
import type { Command } from './command.ts';
import { checkRoles, commandLine, withServices } from './with-services.ts';

/** Makes a user who chooses a password by mail: the first one where registration is closed. */
export const invite: Command = {
  name: 'users invite',
  takes: 'EMAIL [ROLE...]',
  does: 'makes a user with these roles, and mails a link that sets the password',
  options: [],
  async run(call) {
    const [address, ...roles] = call.args;
    if (!address) return null;
    checkRoles(roles);
    const email = canonicalEmail(address);
    if (email === null) throw new Error(`${address} is not an email address`);
    await withServices(call, (services) => make(email, roles, services));
    console.log(`${email} was invited. The link works for a day.`);
    return 0;
  },
};

async function make(email: string, roles: string[], { administration }: Services): Promise<void> {
  const invitation = { email, username: null, name: null, roles };
  const result = await administration.invite(invitation, commandLine(invite.name));
  if (result.ok) return;
  const taken = result.code === 'email_taken';
  throw new Error(taken ? `${email} has an account already` : TEXTS.en.refused(result));
}

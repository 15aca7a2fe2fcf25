import { canonicalUsername } from '../accounts/input.ts';
import type { Services } from '../services.ts';
import { TEXTS } from '../texts/texts.ts';
import { canonicalEmail } from '../users/email.ts';
import type { Command } from './command.ts';
import { checkRoles, commandLine, withServices } from './with-services.ts';

/** Makes a user who chooses a password by a link: the first one where registration is closed. */
export const invite: Command = {
  name: 'users invite',
  takes: 'EMAIL|USERNAME [ROLE...]',
  does: 'makes a user with these roles; mails a link that sets the password, or shows it',
  options: [],
  async run(call) {
    const [name, ...roles] = call.args;
    if (!name) return null;
    checkRoles(roles);
    const email = name.includes('@') ? canonicalEmail(name) : null;
    const username = name.includes('@') ? null : canonicalUsername(name);
    const invited = email ?? username;
    if (invited === null) throw new Error(`${name} is neither an email address nor a user name`);
    const names = { email, username };
    const link = await withServices(call, (services) => make(invited, names, roles, services));
    if (link === null) console.log(`${invited} was invited. The link works for a day.`);
    else
      console.log(
        `${invited} was invited. Hand over this link, shown once; it works for a day:\n  ${link}`,
      );
    return 0;
  },
};

/** Resolves with the link to be handed over. null: it was mailed. */
async function make(
  invited: string,
  names: { email: string | null; username: string | null },
  roles: string[],
  { administration }: Services,
): Promise<string | null> {
  const invitation = { ...names, name: null, roles };
  const result = await administration.invite(invitation, commandLine(invite.name));
  if (result.ok) return result.resetLink?.url ?? null;
  const taken = result.code === 'email_taken' || result.code === 'username_taken';
  throw new Error(taken ? `${invited} has an account already` : TEXTS.en.refused(result));
}

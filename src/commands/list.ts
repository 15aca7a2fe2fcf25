import type { Services } from '../services.ts';
import type { User } from '../users/users.ts';
import type { Command } from './command.ts';
import { withServices } from './with-services.ts';

const AT_ONCE = 100;

/** One line a user with tabs between, so that `cut`, `grep` and `sort` can be used. */
export const list: Command = {
  name: 'users list',
  takes: '[TEXT]',
  does: 'lists users: email, user name, roles, state and id; those that contain TEXT',
  options: [],
  async run(call) {
    const [query = '', ...more] = call.args;
    if (more.length > 0) return null;
    await withServices(call, (services) => print(query, services));
    return 0;
  },
};

async function print(query: string, { administration }: Services): Promise<void> {
  console.log(['EMAIL', 'USERNAME', 'ROLES', 'STATE', 'ID'].join('\t'));
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof administration.list>> = await administration.list({
      query,
      cursor,
      limit: AT_ONCE,
    });
    for (const user of page.users) console.log(lineOf(user));
    cursor = page.next;
  }
}

function lineOf({ id, email, username, roles, emailVerified, disabled }: User): string {
  const unconfirmed = email !== null && !emailVerified;
  const state = [disabled ? 'disabled' : '', unconfirmed ? 'unconfirmed' : ''].filter(Boolean);
  const columns = [email ?? '-', username ?? '-', roles.join(','), state.join(',') || '-', id];
  return columns.map(shown).join('\t');
}

/** An import may hold what a terminal would obey, or what nobody sees. */
const shown = (text: string) =>
  text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );

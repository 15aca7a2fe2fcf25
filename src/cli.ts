import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { identifierOf } from './accounts/input.ts';
import { ROLE } from './accounts/roles.ts';
import { parseConfig } from './config.ts';
import { openPlatform } from './node/platform.ts';
import { createServices } from './services.ts';

const MIGRATIONS = fileURLToPath(new URL('../drizzle', import.meta.url));

const USAGE = `Usage:
  gatehouse users set-role EMAIL ROLE...   gives a user these roles, and no others but "user"

EMAIL may be a user name as well. Settings are those of the server: run it with the same environment.`;

/** The gatehouse command. Exit status 1 when it could not do what was asked, 2 for a wrong call. */
async function main(): Promise<number> {
  process.umask(0o077);
  const { positionals, values } = parseArgs({ allowPositionals: true, strict: false });
  const [group, command, name, ...roles] = positionals;
  const wrongCall = Object.keys(values).length > 0 || group !== 'users' || command !== 'set-role';
  if (wrongCall || !name || roles.length === 0) {
    console.error(USAGE);
    return 2;
  }
  return setRoles(name, roles);
}

async function setRoles(name: string, roles: string[]): Promise<number> {
  const wrong = roles.find((role) => !ROLE.test(role));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a role: up to 32 of a-z 0-9 _ -`);
  const { config, platform } = await openPlatform(parseConfig(process.env, 'node'), MIGRATIONS);
  const { users, administration } = createServices(config, platform);
  try {
    const identifier = identifierOf(name.includes('@') ? { email: name } : { username: name });
    const found = identifier && (await users.withPassword(identifier));
    if (!found) throw new Error(`there is no user ${name}`);
    const result = await administration.change(found.user.id, { roles });
    if (!result.ok) {
      const last = result.code === 'last_admin';
      throw new Error(last ? `${name} is the last admin; make another one first` : result.code);
    }
    console.log(`${name} now has the roles ${result.user.roles.join(', ')}.`);
    return 0;
  } finally {
    await platform.redis.close();
    platform.database.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`gatehouse: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  },
);

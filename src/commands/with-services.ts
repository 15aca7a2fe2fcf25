import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Admin } from '../accounts/administration.ts';
import { type Config, parseConfig } from '../config.ts';
import { dataFiles } from '../node/data-folder.ts';
import { databaseFile } from '../node/database.ts';
import { openPlatform } from '../node/platform.ts';
import { createServices, type Services } from '../services.ts';
import { seconds } from '../time.ts';
import { ROLE } from '../users/roles.ts';
import type { Call } from './command.ts';

/** Whoever may run commands with the server's settings; nobody's request. */
export const commandLine = (command: string): Admin => ({
  id: null,
  by: { ip: null, userAgent: null, requestId: `gatehouse ${command}`, language: 'en' },
});

/** Does something with the server's own services, and lets go of them when all of it is done. */
export async function withServices<T>(
  { env, migrations }: Pick<Call, 'env' | 'migrations'>,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const settings = parseConfig(env, 'node');
  checkFiles(settings);
  const { config, platform, close } = await openPlatform(settings, migrations);
  try {
    return await work(createServices(config, platform));
  } finally {
    // The command may be all that there is to send what it put in.
    await close(seconds(30));
  }
}

/**
 * In another folder than the server's, opening its files would make new ones, and a command would
 * change a database that nobody uses.
 */
function checkFiles(config: Config): void {
  const { database, redis } = config;
  const files = [
    ...(database.kind === 'file' ? [['database', databaseFile(config, database.path)]] : []),
    ...(redis.kind === 'embedded' ? [['session store', dataFiles(config).sessions]] : []),
  ];
  for (const [what, path = ''] of files) {
    if (existsSync(path)) continue;
    throw new Error(
      `there is no ${what} at ${resolve(path)}: run this in the folder of the server and with its ` +
        'settings (DATA_DIR), after its first start',
    );
  }
}

/** Throws one line that names the first role that is none. */
export function checkRoles(roles: readonly string[]): void {
  const wrong = roles.find((role) => !ROLE.test(role));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a role: up to 32 of a-z 0-9 _ -`);
}

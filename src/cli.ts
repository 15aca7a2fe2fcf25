import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Command } from './commands/command.ts';
import { disable, enable } from './commands/disable.ts';
import { doctor } from './commands/doctor.ts';
import { invite } from './commands/invite.ts';
import { list } from './commands/list.ts';
import { reset } from './commands/reset.ts';
import { revoke } from './commands/revoke.ts';
import { setRole } from './commands/set-role.ts';

const MIGRATIONS = fileURLToPath(new URL('drizzle', import.meta.url));

const COMMANDS: readonly Command[] = [
  list,
  invite,
  setRole,
  reset,
  disable,
  enable,
  revoke,
  doctor,
];

/** The gatehouse command. Exit status 1 when it could not do what was asked, 2 for a wrong call. */
async function main(): Promise<number> {
  process.umask(0o077);
  const words = process.argv.slice(2);
  if (words.length === 1 && /^(--help|-h|help)$/.test(words[0] ?? '')) {
    console.log(usage());
    return 0;
  }
  const command = COMMANDS.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  const call = command && parse(command, words.slice(command.name.split(' ').length));
  const status = call && (await command.run({ ...call, env: process.env, migrations: MIGRATIONS }));
  if (typeof status === 'number') return status;
  console.error(usage());
  return 2;
}

interface Parsed {
  positionals: string[];
  values: Record<string, unknown>;
}

/** null: an option that the command does not have, or one without its value. */
function parse({ options, flags = [] }: Command, args: string[]) {
  const known = Object.fromEntries([
    ...options.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  try {
    const { positionals, values }: Parsed = parseArgs({
      args,
      options: known,
      allowPositionals: true,
    });
    return {
      args: positionals,
      options: { ...values } as Record<string, string>,
      flags: new Set(flags.filter((name) => values[name])),
    };
  } catch {
    return null;
  }
}

function usage(): string {
  const calls = COMMANDS.map(({ name, takes }) => `gatehouse ${name} ${takes}`);
  const width = Math.max(...calls.map((call) => call.length));
  const lines = COMMANDS.map(({ does }, i) => `  ${calls[i]?.padEnd(width)}   ${does}`);
  return `Usage:
${lines.join('\n')}

Settings are those of the server: run it with the same environment.`;
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

import { type Config, parseConfig } from '../config.ts';
import { trustedOrigin } from '../config-browsers.ts';
import { examine } from '../doctor/doctor.ts';
import { type Finding, findingsOn, written } from '../doctor/findings.ts';
import { parseProxies } from '../node/client-address.ts';
import { unknownSettings } from '../setting-names.ts';
import { SettingError } from '../settings.ts';
import type { Command } from './command.ts';

/** Says in plain words what works and what does not, and which setting to change. */
export const doctor: Command = {
  name: 'doctor',
  takes: '[--frontend ORIGIN]',
  does: 'looks at settings, store, database, and whether browsers on ORIGIN stay signed in',
  options: ['frontend'],
  async run({ args, options, env, migrations }) {
    const frontend = originOf(options.frontend);
    if (args.length > 0 || frontend === undefined) return null;
    const config = readSettings(env);
    const findings = 'mark' in config ? [config] : await examine({ config, frontend, migrations });
    findings.push(...unknownSettings(env).map((line) => findingsOn('settings').warn(line)));
    console.log(written(findings));
    return findings.some(({ mark }) => mark === 'wrong') ? 1 : 0;
  },
};

/** null: none was given. undefined: it is no origin, which was said. */
function originOf(given: string | undefined): string | null | undefined {
  if (given === undefined) return null;
  try {
    return trustedOrigin(given);
  } catch (error) {
    console.error(`gatehouse: --frontend: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function readSettings(env: Record<string, unknown>): Config | Finding {
  try {
    const config = parseConfig(env, 'node');
    parseProxies(config.trustProxy);
    return config;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    return findingsOn('settings').wrong(`${error.message}. Nothing else was looked at.`);
  }
}

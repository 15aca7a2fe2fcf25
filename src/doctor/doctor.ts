import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { connectRemote } from '../db/client.ts';
import { openFile } from '../db/file.ts';
import { dataFiles } from '../node/data-folder.ts';
import { databaseFile } from '../node/database.ts';
import { openRedis } from '../node/platform.ts';
import { createEmbedded } from '../redis/embedded.ts';
import { type Milliseconds, systemClock } from '../time.ts';
import { judgeCookie } from './cookie.ts';
import { checkDatabase } from './database.ts';
import { checkDataFolder } from './files.ts';
import { type Finding, findingsOn } from './findings.ts';
import { checkMail } from './mail.ts';
import { checkReach } from './reach.ts';
import { readRetention } from './retention.ts';
import { riskySettings } from './settings.ts';
import { checkStore } from './store.ts';

export interface Examination {
  config: Config;
  /** Origin that somebody asks about. null: the trusted origins, all of them. */
  frontend: string | null;
  /** Folder of the migrations. */
  migrations: string;
}

/** Looks at everything, changes nothing, and says what is wrong, subject by subject. */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { config, migrations } = examination;
  return [
    ...settings(config),
    ...(await store(config)),
    ...(await database(config, migrations)),
    ...(await checkMail(config)),
    ...(await checkReach(config)),
    ...cookie(examination),
  ];
}

function settings(config: Config): Finding[] {
  const { ok } = findingsOn('settings');
  return [
    ok(`All can be used. BASE_URL=${config.baseUrl}`),
    ...checkDataFolder(config),
    ...riskySettings(config),
  ];
}

async function store(config: Config): Promise<Finding[]> {
  const { redis } = config;
  if (redis.kind === 'embedded') {
    const path = dataFiles(config).sessions;
    if (!existsSync(path)) return [notYet('store', path)];
    return checkStore({
      ...timing,
      ...located(path, 'DATA_DIR', null),
      open: async () => createEmbedded({ path }),
      retention: null,
    });
  }
  const { host, hostname } = new URL(redis.url);
  const setting = redis.kind === 'tcp' ? 'REDIS_URL' : 'UPSTASH_REDIS_REST_URL';
  return checkStore({
    ...timing,
    ...located(host, setting, hostname),
    open: () => openRedis(config),
    retention: () => readRetention(redis),
  });
}

async function database(config: Config, migrations: string): Promise<Finding[]> {
  const { database: target } = config;
  const shared = { migrations, clock: systemClock };
  if (target.kind === 'remote') {
    const name = new URL(target.url).host;
    const open = async () => connectRemote(target);
    return checkDatabase({ ...shared, name, remote: true, open });
  }
  const path = databaseFile(config, target.path);
  if (!existsSync(path)) return [notYet('database', path)];
  return checkDatabase({ ...shared, name: path, remote: false, open: () => openFile(path) });
}

/** The origin that was asked about, or else every trusted one; and always the server's own pages. */
function cookie({ config, frontend: asked }: Examination): Finding[] {
  const { ok, warn, wrong } = findingsOn('cookie');
  const { baseUrl, cookieDomain, cookieMode, trustedOrigins } = config;
  const frontends = asked === null ? [baseUrl, ...trustedOrigins] : [baseUrl, asked];
  return [...new Set(frontends)].map((frontend) => {
    const question = { baseUrl, cookieDomain, cookieMode, trustedOrigins, frontend };
    const { works, text } = judgeCookie(question);
    if (works) return ok(text);
    // A trusted origin that nobody asked about may do with bearer tokens, or with links alone.
    return frontend === baseUrl || frontend === asked ? wrong(text) : warn(text);
  });
}

/** A file is made at the first start, by the user that the server runs as. */
const notYet = (subject: 'store' | 'database', path: string): Finding =>
  findingsOn(subject).ok(`${path} is made at the first start.`);

const located = (name: string, setting: string, host: string | null) => ({ name, setting, host });

const timing = {
  watch: { now: () => performance.now() },
  wait: (span: Milliseconds) => new Promise<void>((resolve) => setTimeout(resolve, span)),
};

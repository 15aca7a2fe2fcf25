import { waitUntil } from 'cloudflare:workers';
import { TrieRouter } from 'hono/router/trie-router';
import type { H, RouterRoute } from 'hono/types';
import { createApp } from './app.ts';
import { parseConfig } from './config.ts';
import { connectRemote } from './db/client.ts';
import type { AppContext } from './http/env.ts';
import { consoleLog } from './log.ts';
import { leadsHere } from './loopback.ts';
import { createResend } from './mail/resend.ts';
import { openGate } from './passwords/gate.ts';
import { portableBcrypt } from './passwords/portable.ts';
import { createFetchTransport } from './redis/fetch-transport.ts';
import { createUpstash } from './redis/upstash.ts';
import { createServices } from './services.ts';
import { unknownSettings } from './setting-names.ts';
import { SettingError } from './settings.ts';
import { systemClock } from './time.ts';

type Env = Record<string, unknown>;

/** Set by the platform, whatever a client sends; only `wrangler dev` lets a client choose it. */
const clientAddress = (c: AppContext) => c.req.header('cf-connecting-ip') ?? null;

function createWorker(env: Env) {
  const config = parseConfig(env, 'workers');
  if (config.redis.kind !== 'rest' || config.database.kind !== 'remote') {
    throw new Error('Workers have no files');
  }
  const log = consoleLog(config.logLevel);
  for (const line of unknownSettings(env)) log.warn(line);
  const services = createServices(config, {
    redis: createUpstash(config.redis, createFetchTransport(config.redis)),
    database: connectRemote(config.database),
    bcrypt: portableBcrypt,
    gate: openGate,
    mailer: config.mail.kind === 'resend' ? createResend(config.mail) : null,
    keepAlive: (work) => waitUntil(work()),
    clock: systemClock,
    log,
  });
  // An isolate lives for a while only, and building the default router is a fifth of its start.
  const router = new TrieRouter<[H, RouterRoute]>();
  const local = leadsHere(config.baseUrl);
  return { services, app: createApp(services, { clientAddress, router }), local };
}

/**
 * A deployed Worker that takes itself for one on this machine would send cookies without `Secure`,
 * and links that lead nowhere.
 */
function checkAddress({ local }: ReturnType<typeof createWorker>, { url }: Request): void {
  if (local && !leadsHere(url)) {
    throw new SettingError('BASE_URL', 'is required: the address that people see, with https://');
  }
}

/** Made at the first request of an isolate, whose bindings never change. */
let worker: ReturnType<typeof createWorker> | undefined;

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    try {
      worker ??= createWorker(env);
      checkAddress(worker, request);
    } catch (error) {
      consoleLog('error').error('gatehouse can not start', { error });
      return new Response('This service is not set up correctly.\n', { status: 500 });
    }
    return worker.app.fetch(request, env);
  },

  /** The cron trigger: sends mail that failed before, and drops what is past its time. */
  async scheduled(_event: unknown, env: Env): Promise<void> {
    worker ??= createWorker(env);
    const { delivery, prune } = worker.services;
    await Promise.all([delivery?.run(), prune()]);
  },
};

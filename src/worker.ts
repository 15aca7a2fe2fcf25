import { createApp } from './app.ts';
import { parseConfig } from './config.ts';
import { connectRemote } from './db/client.ts';
import type { AppContext } from './http/env.ts';
import { consoleLog } from './log.ts';
import { openGate } from './passwords/gate.ts';
import { portableBcrypt } from './passwords/portable.ts';
import { createUpstash } from './redis/upstash.ts';
import { createServices } from './services.ts';
import { systemClock } from './time.ts';

type Env = Record<string, unknown>;

/** Set by the platform, whatever a client sends; only `wrangler dev` lets a client choose it. */
const clientAddress = (c: AppContext) => c.req.header('cf-connecting-ip') ?? null;

function createWorkerApp(env: Env) {
  const config = parseConfig(env, 'workers');
  if (config.redis.kind !== 'rest' || config.database.kind !== 'remote') {
    throw new Error('Workers have no files');
  }
  const services = createServices(config, {
    redis: createUpstash(config.redis),
    database: connectRemote(config.database),
    bcrypt: portableBcrypt,
    gate: openGate,
    clock: systemClock,
    log: consoleLog,
  });
  return createApp(services, { clientAddress });
}

/** Made at the first request of an isolate, whose bindings never change. */
let app: ReturnType<typeof createWorkerApp> | undefined;

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    try {
      app ??= createWorkerApp(env);
    } catch (error) {
      consoleLog.error('gatehouse can not start', { error });
      return new Response('This service is not set up correctly.\n', { status: 500 });
    }
    return app.fetch(request, env);
  },
};

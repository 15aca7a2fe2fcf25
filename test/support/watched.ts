import { inject } from 'vitest';
import { createApp } from '../../src/app.ts';
import { connectRemote, type Database } from '../../src/db/client.ts';
import type { RedisClient } from '../../src/redis/client.ts';
import { createServices } from '../../src/services.ts';
import { createTestApp } from './app.ts';
import { Client } from './client.ts';
import { readLog } from './logs.ts';
import { runtime } from './runtime.ts';
import { Secrets } from './secrets.ts';
import { TestMailer } from './test-mailer.ts';

const RATE = '1000000/1h';
const LIMITS = 'LOGIN_ADDRESS REGISTER ANONYMOUS FORGOT_ACCOUNT FORGOT_ADDRESS MAIL TOKEN PASSWORD';

/** Forms and pages that carry on the secret of a link that their request brought. */
const CARRY_LINKS =
  /^(GET \/(reset|verify)|POST \/(auth\/password\/reset|auth\/email\/verify|verify\/disown))$/;

/** A server of which everything is known that it writes anywhere. */
export async function watched() {
  const secrets = new Secrets();
  const env: Record<string, string> = {
    SESSION_SECRET: secrets.mark('session secret', 'marked-session-secret-of-32-letters-and-more'),
    MAIL_URL: `resend:${secrets.mark('mail key', 'marked-mail-key')}`,
    TURSO_AUTH_TOKEN: secrets.mark('database token', 'marked-database-token'),
    LIMIT_LOGIN_ACCOUNT: '1000000/1s..1s',
  };
  for (const name of LIMITS.split(' ')) env[`LIMIT_${name}`] = RATE;
  const app = await createTestApp({ store: 'rest', env });
  const { config } = app.services;
  if (config.redis.kind === 'rest') secrets.mark('redis token', config.redis.token);

  const { log, lines } = readLog('debug');
  const stored: string[] = [];
  const background: (() => Promise<void>)[] = [];
  const mail = new TestMailer();
  const { bcrypt, gate } = runtime;
  let broken: Database | null = null;
  const database: Database = {
    run: (work) => (broken ?? app.services.database).run(work),
    close() {},
  };
  const services = createServices(config, {
    ...{ bcrypt, gate, mailer: mail.mailer, log, database, clock: app.clock },
    redis: writtenDown(app.redis.client, stored),
    keepAlive: (work) => background.push(work),
  });
  const server = createApp(services, { clientAddress: () => '192.0.2.1' });
  server.get('/boom', () => {
    throw new Error('boom');
  });
  const driven = new Set<string>();
  return {
    ...{ app, secrets, server, mail, lines, stored, driven },
    browser: () => new Client(answer, config.baseUrl),
    breakDatabase(kind: string | null) {
      const url = `${inject('storeUrl')}/broken/${kind}/`;
      const authToken = 'marked-database-token';
      broken = kind === null ? null : connectRemote({ url, authToken, timeout: 250 });
    },
    async settled() {
      while (background.length > 0) await Promise.all(background.splice(0).map((work) => work()));
    },
  };

  async function answer(request: Request): Promise<Response> {
    const before = lines.length;
    const response = await server.fetch(request);
    const { method, route } = JSON.parse(lines.slice(before).at(-1) ?? '{}');
    driven.add(`${method} ${route}`);
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie');
    const { token, ...rest } = parsed(await response.clone().text());
    // The one answer that a program gets its token from.
    const shown = `${method} ${route}` === 'POST /auth/login' ? token : undefined;
    const json = shown === undefined ? { ...rest, token } : rest;
    const allowed = CARRY_LINKS.test(`${method} ${route}`) ? ['link'] : [];
    const text = `${JSON.stringify(headers)} ${JSON.stringify(json)}`;
    secrets.look(`the answer of ${method} ${route}`, text, allowed);
    if (shown) secrets.mark('bearer', shown);
    for (const line of response.headers.getSetCookie()) {
      const value = /^[^=]+=([^;]{20,})/.exec(line)?.[1];
      if (value) secrets.mark('cookie', value);
      const part = value?.split('.')[1];
      if (part && part.length > 20) secrets.mark('secret in a cookie', part);
    }
    return response;
  }
}

export type Watched = Awaited<ReturnType<typeof watched>>;

function parsed(text: string): Record<string, string> {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Keeps the arguments of every command. */
function writtenDown(redis: RedisClient, stored: string[]): RedisClient {
  const methods = Object.entries(redis).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      stored.push(JSON.stringify(args));
      return method(...args);
    },
  ]);
  return Object.fromEntries(methods);
}

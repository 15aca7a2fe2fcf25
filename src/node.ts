import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { parseConfig } from './config.ts';
import { createReadiness, unreadiness } from './health/readiness.ts';
import { leadsHere } from './loopback.ts';
import { readOutbox } from './mail/outbox.ts';
import { startChores } from './node/chores.ts';
import { dataFiles } from './node/data-folder.ts';
import { createHttpServer } from './node/http-server.ts';
import { withLastResort } from './node/last-resort.ts';
import { openLog } from './node/log.ts';
import { keepsMail, NO_TRANSPORT, plainMail, showsMail } from './node/mail.ts';
import { createPeers } from './node/peers.ts';
import { MAIL_PATIENCE, openPlatform } from './node/platform.ts';
import { together } from './node/turns.ts';
import { createServices } from './services.ts';
import { unknownSettings } from './setting-names.ts';
import { SettingError } from './settings.ts';
import { type Milliseconds, seconds } from './time.ts';

const MIGRATIONS = fileURLToPath(new URL('drizzle', import.meta.url));

/** Requests in progress get so long to finish after a signal. */
const DRAIN = seconds(10);

/** How long a client has to hear that its connection ends. */
const GOODBYE: Milliseconds = 200;

/** Ctrl-C reaches every process of a terminal's group, and some of them pass it on. */
const REPEATED: Milliseconds = 1000;

async function main() {
  // Databases and the secret are for this user alone, whatever the folder allows.
  process.umask(0o077);
  const settings = parseConfig(process.env, 'node');
  const log = openLog(settings.logLevel, process);
  const { config, platform, close } = await openPlatform(settings, MIGRATIONS, log);
  const peers = createPeers(config.trustProxy, log);
  const services = createServices(config, platform);
  const read = (limit: number) => readOutbox(dataFiles(config).outbox, limit);
  const key = randomBytes(16).toString('base64url');
  const { clientAddress } = peers;
  const outbox = showsMail(config) ? { outbox: { read, clientAddress, key } } : {};
  const app = createApp(services, { ...peers, ...outbox });
  const { port, host: hostname } = config;
  const fetch = withLastResort(together(app.fetch), log);
  const server = createHttpServer(fetch, config.keepAlive);
  const unready = unreadiness(await createReadiness(services)());
  server.listen(port, hostname, () => {
    const { port } = server.address() as AddressInfo;
    const behind = leadsHere(config.baseUrl) ? '' : `, listening on ${hostname} port ${port}`;
    const at = `at ${config.baseUrl}${behind}`;
    if (unready === '') console.log(`Gatehouse is ready ${at}`);
    else console.log(`Gatehouse listens ${at}, and can not serve yet. ${unready}`);
    if (showsMail(config)) console.log(`Mail is shown at ${config.baseUrl}/dev/outbox?key=${key}`);
  });
  for (const line of unknownSettings(process.env)) log.warn(line);
  if (keepsMail(config)) log.warn(NO_TRANSPORT);
  const plain = plainMail(config);
  if (plain !== null) log.warn(plain);
  const chores = startChores(services);
  server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const name = code === 'EADDRINUSE' || code === 'EACCES' ? 'PORT' : 'HOST';
    stop(new SettingError(name, `can't listen on ${hostname} port ${port}: ${code ?? message}`));
  });

  let drainingSince: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, drain);

  function drain() {
    // A second signal means now.
    if (drainingSince !== null) {
      if (performance.now() - drainingSince > REPEATED) process.exit(1);
      return;
    }
    drainingSince = performance.now();
    setTimeout(() => process.exit(1), DRAIN).unref();
    // A chore may be waiting for a mail server.
    setTimeout(() => void platform.mailer?.close(), MAIL_PATIENCE).unref();
    // Who has a connection is told to make no more use of it, and gets a moment to hear it; then
    // those that are idle are closed, so that the server can end.
    server.prependListener('request', (_request, response: ServerResponse) => {
      response.setHeader('Connection', 'close');
    });
    const closing = setInterval(() => server.closeIdleConnections(), GOODBYE);
    stopListening(server, async () => {
      clearInterval(closing);
      await chores.stop();
      await close();
    });
  }
}

/**
 * Takes no new connections, and calls `done` when the last one has ended. `http.Server.close` would
 * also close idle connections at once. Bun's HTTP server has no other, because it is no
 * `net.Server`.
 */
function stopListening(server: HttpServer, done: () => void): void {
  const isNetServer: boolean = server instanceof NetServer;
  if (isNetServer) NetServer.prototype.close.call(server, done);
  else server.close(done);
}

/** One line that says what is wrong; a stack would bury it. */
function stop(error: unknown) {
  console.error(`gatehouse can not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

main().catch(stop);

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

/** Requests in progress get so long to finish once nothing new is taken. */
const PATIENCE = seconds(10);

/** How long a client has to hear that its connection ends. */
const GOODBYE: Milliseconds = 200;

/** A listener to which more and more connections come is closed all the same. */
const LONGEST_QUEUE: Milliseconds = 1000;

/** Ctrl-C reaches every process of a terminal's group, and some of them pass it on. */
const REPEATED: Milliseconds = 1000;

async function main() {
  // Databases and the secret are for this user alone, whatever the folder allows.
  process.umask(0o077);
  let drainingSince: number | null = null;
  const settings = parseConfig(process.env, 'node');
  const log = openLog(settings.logLevel, process);
  const { config, platform, close } = await openPlatform(settings, MIGRATIONS, log);
  const peers = createPeers(config.trustProxy, log);
  const services = createServices(config, platform);
  const read = (limit: number) => readOutbox(dataFiles(config).outbox, limit);
  const key = randomBytes(16).toString('base64url');
  const { clientAddress } = peers;
  const outbox = showsMail(config) ? { outbox: { read, clientAddress, key } } : {};
  const isDraining = () => drainingSince !== null;
  const app = createApp(services, { ...peers, ...outbox, isDraining });
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

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, drain);

  function drain(signal: NodeJS.Signals) {
    // A second signal means now.
    if (drainingSince !== null) {
      if (performance.now() - drainingSince > REPEATED) process.exit(1);
      return;
    }
    drainingSince = performance.now();
    // Load balancers see by `/ready` that nothing new should come here. Nobody waits for that who
    // presses Ctrl-C.
    setTimeout(end, signal === 'SIGTERM' ? config.drain : 0);
  }

  function end() {
    setTimeout(() => process.exit(1), PATIENCE).unref();
    // A chore may be waiting for a mail server.
    setTimeout(() => void platform.mailer?.close(), MAIL_PATIENCE).unref();
    onceNobodyWaits(server, () => {
      // Who has a connection is told to make no more use of it, and gets a moment to hear it; then
      // those that are idle are closed, so that the server can end. Not before the listener is closed,
      // or proxies would make new ones.
      server.prependListener('request', (_request, response: ServerResponse) => {
        response.setHeader('Connection', 'close');
      });
      const closing = setInterval(() => server.closeIdleConnections(), GOODBYE);
      stopListening(server, async () => {
        clearInterval(closing);
        await chores.stop();
        await close();
      });
    });
  }
}

/**
 * Calls `done` at a moment at which no connection waits to be accepted: closing the listener would
 * reset those, and a proxy answers 502 for a request that it has sent. Node accepts one connection in
 * each turn of its event loop, so a turn without a new one means that none waits.
 */
function onceNobodyWaits(server: HttpServer, done: () => void): void {
  const end = performance.now() + LONGEST_QUEUE;
  let accepted = true;
  server.on('connection', () => {
    accepted = true;
  });
  function look() {
    if (!accepted || performance.now() > end) return done();
    accepted = false;
    setImmediate(look);
  }
  look();
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

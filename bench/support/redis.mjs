import { createClient } from 'redis';
import { answers } from './client.mjs';
import { freePort } from './ports.mjs';
import { launch, OTHER_CORE, stop, temporaryFolder, waitUntil } from './processes.mjs';

const GATEWAY = new URL('../servers/gateway.mjs', import.meta.url).pathname;

/** Any text; the gateway serves loopback alone. */
export const REST_TOKEN = 'bench';

/** A real Redis that keeps nothing on disk, a client for it, and a REST gateway in front of it. */
export async function startRedis() {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const keepNothing = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
  const server = launch(
    'redis-server',
    ['--port', String(port), ...keepNothing, '--dir', temporaryFolder()],
    { core: OTHER_CORE },
  );
  await waitUntil(() => server.printed.out.includes('Ready to accept'), server);
  const client = createClient({ url, RESP: 2 });
  client.on('error', () => {});
  await client.connect();

  const gatewayPort = await freePort();
  const env = { PORT: String(gatewayPort), REDIS_URL: url, TOKEN: REST_TOKEN };
  const gateway = launch(process.execPath, [GATEWAY], { core: OTHER_CORE, env });
  const restUrl = `http://127.0.0.1:${gatewayPort}`;
  await waitUntil(() => answers(restUrl), gateway);
  return {
    url,
    port,
    restUrl,
    client,
    async version() {
      return /redis_version:(\S+)/.exec(await client.info('server'))[1];
    },
    /** Bytes that Redis holds. */
    async usedMemory() {
      return Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);
    },
    async close() {
      client.destroy();
      await Promise.all([stop(gateway), stop(server)]);
    },
  };
}

import net, { type AddressInfo } from 'node:net';

/** A port that nothing listens on. Another process may still take it before it is used. */
export async function freePort(): Promise<number> {
  return (await tryListen(0, '127.0.0.1')).port;
}

/** null: `localhost` leads to nobody else's server on this port; else the system's reason. */
export async function whyTaken(port: number): Promise<string | null> {
  // Browsers try `::1` first, so a stranger there would get the requests.
  for (const host of ['127.0.0.1', '::1']) {
    const { code } = await tryListen(port, host);
    if (code === 'EADDRINUSE' || code === 'EACCES') return code;
  }
  return null;
}

function tryListen(port: number, host: string): Promise<{ port: number; code?: string }> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve({ port, code }));
    server.listen(port, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve({ port }));
    });
  });
}

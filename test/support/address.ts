import net, { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An address on loopback for one test, whose connections lead to where a test says. */
export async function movableAddress(port: number) {
  let leadsTo = port;
  const sockets = new Set<net.Socket>();
  const seen = { connections: 0, most: 0 };
  const server = net.createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket);
    seen.most = Math.max(seen.most, sockets.size);
    const inner = net.connect(leadsTo, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    inner.on('error', () => socket.destroy());
    inner.on('close', () => socket.destroy());
    socket.on('error', () => inner.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      inner.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    open: () => sockets.size,
    /** Connections from now on lead to another port; those that are open stay. */
    move(to: number) {
      leadsTo = to;
    },
  };
}

/** A server on loopback for one test that refuses all commands of Redis in these words. */
export async function refusingRedis(error: string) {
  const seen = { commands: 0 };
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      // What a client says of itself is answered too, and is no command of ours.
      for (const [, name = ''] of String(data).matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)\r$/gm)) {
        if (!/^(client|hello)$/i.test(name)) seen.commands += 1;
        socket.write(`-${error}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, seen };
}

import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the stand-in of Resend answers a key that starts with this; any other key is served. */
const MISBEHAVIOUR = /^(down|hang|redirect|status-(\d{3}))-/;

/**
 * A stand-in of the Resend API. `POST /emails` takes a message under the bearer key, and what was
 * taken under a key is answered by `GET /taken/KEY`.
 */
export async function startResend() {
  const taken = new Map<string, unknown[]>();
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? '';
    if (path.startsWith('/taken/')) {
      return response.end(JSON.stringify(taken.get(path.slice('/taken/'.length)) ?? []));
    }
    const key = (request.headers.authorization ?? '').replace('Bearer ', '');
    const [, kind, status] = MISBEHAVIOUR.exec(key) ?? [];
    if (kind === 'down') return response.destroy();
    if (kind === 'hang') return;
    const { method, headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString());
    if (kind === undefined || path === '/elsewhere') {
      taken.set(key, [...(taken.get(key) ?? []), { method, path, headers, body }]);
    }
    const location = kind === 'redirect' ? { location: '/elsewhere' } : {};
    const answered = kind === 'redirect' ? 307 : Number(status ?? 200);
    response.writeHead(answered, { 'content-type': 'application/json', ...location });
    response.end(
      JSON.stringify({ id: 'a-b-c', name: 'not_now', message: `no, ${JSON.stringify(body)}` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

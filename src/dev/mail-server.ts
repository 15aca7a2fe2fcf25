import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { sameText } from '../constant-time.ts';
import type { Mailer, Message } from '../mail/mailer.ts';

/** As much as a message of ours ever has. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Takes mail on loopback as Resend's API does, and hands it on, so that a Worker under development
 * can send some. Nobody but the Worker knows the key.
 */
export async function serveMail(mailer: Mailer) {
  const key = randomBytes(24).toString('base64url');
  const server = http.createServer(async (request, response) => {
    response.statusCode = await take(request, { key, mailer }).catch(() => 500);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/emails`,
    key,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The status of the answer. */
async function take(
  request: http.IncomingMessage,
  { key, mailer }: { key: string; mailer: Mailer },
): Promise<number> {
  if (request.method !== 'POST' || request.url !== '/emails') return 404;
  if (!sameText(request.headers.authorization ?? '', `Bearer ${key}`)) return 401;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 413;
    chunks.push(chunk);
  }
  const { to, subject, text, html } = JSON.parse(Buffer.concat(chunks).toString());
  // As Resend answers a message without recipients; the doctor asks so.
  if (!Array.isArray(to)) return 422;
  const id = String(request.headers['idempotency-key']);
  await mailer.send({ id, to: to[0], subject, text, html } satisfies Message);
  return 200;
}

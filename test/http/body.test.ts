import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { costOf, NO_COST } from '../support/requests.ts';

const LIMIT = 16 * 1024;
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp({ store: 'rest', env: { LIMIT_LOGIN_ADDRESS: '1000/10m' } });
});

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A login of nobody, as JSON of so many bytes. */
function jsonOf(size: number, filler = ' '): Uint8Array<ArrayBuffer> {
  const text = '{"email":"nobody@example.com","password":"x"}';
  const space = (size - text.length) / bytesOf(filler).length;
  return bytesOf(
    filler === ' ' ? text + filler.repeat(space) : text.replace('x', filler.repeat(space)),
  );
}

function chunked(bytes: Uint8Array, size: number): ReadableStream {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function send(
  body: Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
) {
  // Node asks for `duplex` with a stream; it is not in the types.
  const init = { method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers }, body };
  const request = new Request('http://localhost:3000/auth/login', {
    ...init,
    duplex: 'half',
  } as never);
  const answer = await app.app.fetch(request);
  const { code } = (await answer.json()) as { code: string };
  return `${answer.status} ${code}`;
}

/** Read, and refused for the length of the password. */
const TOO_LONG = '400 invalid_request';
const READ = '401 invalid_credentials';
const TOO_LARGE = '413 body_too_large';

describe('a body', () => {
  it('may have 16 KiB to the byte', async () => {
    expect(await send(jsonOf(LIMIT))).toBe(READ);
    expect(await send(jsonOf(LIMIT + 1))).toBe(TOO_LARGE);
  });

  it('is measured in bytes, not in characters', async () => {
    expect(await send(jsonOf(LIMIT - 3000, '\u20ac'))).toBe(TOO_LONG);
    expect(await send(jsonOf(LIMIT + 3000, '\u20ac'))).toBe(TOO_LARGE);
  });

  it('may have 16 KiB as a form, too', async () => {
    const form = 'email=nobody@example.com&password=';
    const status = async (size: number) => {
      const body = form + 'x'.repeat(size - form.length);
      const sent = { body, headers: { 'content-type': FORM_TYPE } };
      return (await app.client().post('/auth/login', sent)).status;
    };
    expect(await status(LIMIT)).toBe(400);
    expect(await status(LIMIT + 1)).toBe(413);
  });

  it.each([1, 1000, LIMIT, LIMIT * 2])(
    'is measured when it comes in chunks of %i',
    async (size) => {
      expect(await send(chunked(jsonOf(LIMIT), size))).toBe(READ);
      expect(await send(chunked(jsonOf(LIMIT + 1), size))).toBe(TOO_LARGE);
    },
  );

  it('without an end is cut off at the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    expect(await send(endless)).toBe(TOO_LARGE);
    expect(pulled).toBeLessThan(30);
  });

  it.each(['5', '0', '-1', '+5', '1e1', '0x10', 'abc', '', '16384', '5, 20000'])(
    'is not made smaller by a length that lies: "%s"',
    async (length) => {
      expect(await send(jsonOf(20_000), { 'content-length': length })).toBe(TOO_LARGE);
      const encoded = { 'content-length': length, 'transfer-encoding': 'chunked' };
      expect(await send(jsonOf(20_000), encoded)).toBe(TOO_LARGE);
    },
  );

  it('is refused by its length alone, before it is read', async () => {
    expect(await send(jsonOf(100), { 'content-length': '16385' })).toBe(TOO_LARGE);
  });

  it('that is too large is not parsed, and costs nothing', async () => {
    const cost = await costOf(app, async () => {
      for (const path of ['/auth/login', '/auth/register', '/auth/logout', '/counter']) {
        for (const type of [JSON_TYPE, FORM_TYPE, 'text/plain']) {
          const sent = { body: '{'.repeat(LIMIT + 1), headers: { 'content-type': type } };
          expect((await app.client().post(path, sent)).status, `${path} ${type}`).toBe(413);
        }
      }
    });
    expect(cost).toEqual(NO_COST);
  });
});

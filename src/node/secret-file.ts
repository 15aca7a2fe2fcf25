import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * The secret that signs session tokens, made once and kept in a file that only its owner can read,
 * so that people stay signed in over a restart.
 */
export function keptSecret(path: string): string {
  if (!existsSync(path)) makeSecret(path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 32) {
    throw new Error(
      `${path} holds no secret; delete it to make a new one, which ends all sessions`,
    );
  }
  return secret;
}

/** Whole or not at all: of two processes that start at once, neither may read half a file. */
function makeSecret(path: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    // Fails when another process was faster; its secret counts.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

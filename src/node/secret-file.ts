import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The secret that signs session tokens, made once and kept in a file that only its owner can read,
 * so that people stay signed in over a restart.
 */
export function keptSecret(path: string): string {
  try {
    // `wx` fails when there is one already, also when two processes start at once.
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 32) {
    throw new Error(
      `${path} holds no secret; delete it to make a new one, which ends all sessions`,
    );
  }
  return secret;
}

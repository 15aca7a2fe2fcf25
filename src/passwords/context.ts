import { ADDED_ENOUGH, fold } from './common.ts';
import { thoughtOf } from './common-runs.ts';

/** Whom a password is for, as far as it is known. */
export interface PasswordContext {
  email: string | null;
  username: string | null;
  name: string | null;
}

/** Shorter ones are in too many words. */
const SHORTEST_WORD = 3;

/**
 * Made of the address, the names or the service's name with fewer than `ADDED_ENOUGH` other
 * characters (ASVS 6.2.11). A long passphrase with one's name in it is not.
 */
export function isMadeOfContext(
  password: string,
  about: PasswordContext,
  appName: string,
): boolean {
  const text = fold(password);
  let rest = text;
  for (const word of contextWords(about, appName)) rest = rest.replaceAll(word, '');
  return rest !== text && (thoughtOf([...rest]).at(-1) ?? 0) < ADDED_ENOUGH;
}

/** The longest first, so that what is left of a whole address is nothing. */
function contextWords({ email, username, name }: PasswordContext, appName: string): string[] {
  const [local = '', domain = ''] = (email ?? '').split('@');
  // `com` and its like belong to nobody.
  const labels = domain.split('.').slice(0, -1);
  const wholes = [email ?? '', local, ...labels, username ?? '', name ?? '', appName].map(fold);
  const words = wholes.flatMap((whole) => {
    const parts = whole.split(/[^\p{L}\p{N}]+/u);
    return [whole, parts.join(''), ...parts];
  });
  return [...new Set(words)]
    .filter((word) => [...word].length >= SHORTEST_WORD)
    .sort((a, b) => b.length - a.length);
}

import { createHash } from 'node:crypto';
import { type Milliseconds, seconds } from '../time.ts';

/**
 * Whether a password is known from a breach. Rejects when that can't be found out; the error's
 * message carries nothing of the password.
 */
export type Breached = (password: string) => Promise<boolean>;

export interface BreachedOptions {
  /** What the first five digits of the digest are put after. */
  url?: string;
  /** Limit of the whole question, body included. */
  timeout?: Milliseconds;
}

/** The tail of a SHA-1 in hexadecimal, and in how many breaches it was seen. */
const ENTRY = /^([0-9A-F]{35}):(\d+)$/;

/**
 * Asks Have I Been Pwned by range: five of the forty digits of the password's SHA-1 leave the
 * process, which hundreds of known passwords share, and padding hides from the length of the answer
 * which ones (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2.12).
 */
export function createBreached(options: BreachedOptions = {}): Breached {
  const { url = 'https://api.pwnedpasswords.com/range/', timeout = seconds(1) } = options;
  return async function breached(password) {
    const digest = createHash('sha1').update(password.normalize('NFC'), 'utf8').digest('hex');
    const [range, tail] = [digest.slice(0, 5).toUpperCase(), digest.slice(5).toUpperCase()];
    const answer = await fetch(url + range, {
      headers: { 'add-padding': 'true', 'user-agent': 'gatehouse' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new Error(`status ${answer.status}`);
    }
    const entries = (await answer.text()).trim().split(/\s*\n/).map(parseEntry);
    // Padding has the count 0.
    return entries.some((entry) => entry.tail === tail && entry.count > 0);
  };
}

function parseEntry(line: string) {
  const [, tail, count] = ENTRY.exec(line) ?? [];
  // A page of a proxy, say: what is not understood must not pass for "not found".
  if (tail === undefined) throw new Error('not a list of digests');
  return { tail, count: Number(count) };
}

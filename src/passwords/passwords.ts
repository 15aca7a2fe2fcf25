import { randomBytes } from 'node:crypto';
import { encodeBase64 } from 'bcryptjs';
import { sameText } from '../constant-time.ts';
import { type Refusal, refusal } from '../errors.ts';
import { bcryptInput, bcryptSettings, formatHash, parseHash, type StoredHash } from './format.ts';
import type { Gate } from './gate.ts';

/** bcrypt itself: `input` under `settings` (`$2b$COST$SALT`), answered as the whole hash. */
export type Bcrypt = (input: string, settings: string) => Promise<string>;

export interface Passwords {
  /**
   * A password that does not match takes one hash of the current cost, whatever is stored: a null,
   * corrupt, foreign or cheaper value takes as long as a real one (ASVS 6.3.8), a dearer one longer.
   * `outdated` says that a match should be stored afresh. A refusal is `overloaded`.
   */
  verify(
    password: string,
    stored: string | null,
  ): Promise<{ ok: true; matches: boolean; outdated: boolean } | Refusal>;
  /** The text to store for a password. A refusal is `overloaded`. */
  hash(password: string): Promise<{ ok: true; hash: string } | Refusal>;
}

export interface PasswordOptions {
  bcrypt: Bcrypt;
  gate: Gate;
  /** bcrypt's logarithmic work factor for new hashes. */
  cost: number;
}

/** A hash that no password has; what is compared when there is nothing to compare with. */
const DUMMY = { kind: 'bcrypt-sha256', salt: 'abcdefghijklmnopqrstuu', digest: '' } as const;

export function createPasswords({ bcrypt, gate, cost }: PasswordOptions): Passwords {
  const overloaded = () => refusal('overloaded', { retryAfter: 1 });

  async function digestOf(password: string, target: Omit<StoredHash, 'digest'>) {
    const input = bcryptInput(password.normalize('NFC'), target);
    const whole = await gate.run(() => bcrypt(input, bcryptSettings(target)));
    return whole?.slice(-31) ?? null;
  }

  /**
   * 2^n and 2^n, 2^(n+1) … up to the current cost make 2^cost. Not more than there is time for: the
   * password is known to be wrong by now, and is to be counted as such.
   */
  async function spendRest(spent: number): Promise<void> {
    for (let rest = spent; rest < cost; rest += 1) {
      if ((await digestOf('', { ...DUMMY, cost: rest })) === null) return;
    }
  }

  return {
    async verify(password, stored) {
      const known = comparable(password, stored === null ? null : parseHash(stored));
      const digest = await digestOf(password, known ?? { ...DUMMY, cost });
      if (digest === null) return overloaded();
      const matches = known !== null && sameText(digest, known.digest);
      if (!matches) await spendRest(known?.cost ?? cost);
      const outdated = known?.kind !== 'bcrypt-sha256' || known.cost < cost;
      return { ok: true, matches, outdated };
    },
    async hash(password) {
      const salt = encodeBase64(randomBytes(16), 16);
      const target = { kind: 'bcrypt-sha256', cost, salt } as const;
      const digest = await digestOf(password, target);
      return digest === null ? overloaded() : { ok: true, hash: formatHash({ ...target, digest }) };
    },
  };
}

/** Plain bcrypt stops at a NUL byte, so there `secret\0anything` would pass for `secret`. */
function comparable(password: string, hash: StoredHash | null): StoredHash | null {
  return hash?.kind === 'bcrypt' && password.includes('\0') ? null : hash;
}

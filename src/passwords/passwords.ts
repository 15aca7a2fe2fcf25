import { randomBytes } from 'node:crypto';
import { encodeBase64 } from 'bcryptjs';
import { sameText } from '../constant-time.ts';
import { type Refusal, refusal } from '../errors.ts';
import { bcryptInput, bcryptSettings, formatHash, parseHash, type StoredHash } from './format.ts';
import type { Askers, Gate } from './gate.ts';

/** bcrypt itself: `input` under `settings` (`$2b$COST$SALT`), answered as the whole hash. */
export type Bcrypt = (input: string, settings: string) => Promise<string>;

export interface Passwords {
  /**
   * Compares a password in NFC and, where it was typed otherwise, also as it was typed, in one turn
   * of the queue. Each spelling that does not match takes one hash of the current cost, whatever is
   * stored: a null, corrupt, foreign or cheaper value takes as long as a real one (ASVS 6.3.8), a
   * dearer one longer. `outdated` says that a match should be stored afresh. A refusal is `overloaded`.
   */
  verify(
    password: string,
    stored: string | null,
    askers: Askers,
  ): Promise<{ ok: true; matches: boolean; outdated: boolean } | Refusal>;
  /** The text to store for a password. A refusal is `overloaded`. */
  hash(password: string, askers: Askers): Promise<{ ok: true; hash: string } | Refusal>;
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

  async function digestOf(input: string, target: Omit<StoredHash, 'digest'>): Promise<string> {
    const whole = await bcrypt(bcryptInput(input, target), bcryptSettings(target));
    return whole.slice(-31);
  }

  /** 2^n and 2^n, 2^(n+1) … up to the current cost make 2^cost. */
  async function spendRest(spent: number): Promise<void> {
    for (let rest = spent; rest < cost; rest += 1) await digestOf('', { ...DUMMY, cost: rest });
  }

  /** Takes the same time for every spelling that does not match, whatever is stored. */
  async function matchesAs(spelling: string, hash: StoredHash | null): Promise<boolean> {
    const known = comparable(spelling, hash);
    const digest = await digestOf(spelling, known ?? { ...DUMMY, cost });
    if (known !== null && sameText(digest, known.digest)) return true;
    await spendRest(known?.cost ?? cost);
    return false;
  }

  async function compare(password: string, stored: string | null) {
    const hash = stored === null ? null : parseHash(stored);
    const composed = password.normalize('NFC');
    if (await matchesAs(composed, hash)) {
      const outdated = hash?.kind !== 'bcrypt-sha256' || hash.cost < cost;
      return { matches: true, outdated };
    }
    // Systems that hashed what was typed as it came. Tried for every account alike, so its time tells
    // nothing about the account.
    const matches = password !== composed && (await matchesAs(password, hash));
    return { matches, outdated: matches };
  }

  return {
    async verify(password, stored, askers) {
      const compared = await gate.run(() => compare(password, stored), askers);
      return compared === null ? overloaded() : { ok: true, ...compared };
    },
    async hash(password, askers) {
      const salt = encodeBase64(randomBytes(16), 16);
      const target = { kind: 'bcrypt-sha256', cost, salt } as const;
      const digest = await gate.run(() => digestOf(password.normalize('NFC'), target), askers);
      return digest === null ? overloaded() : { ok: true, hash: formatHash({ ...target, digest }) };
    },
  };
}

/** Plain bcrypt stops at a NUL byte, so there `secret\0anything` would pass for `secret`. */
function comparable(password: string, hash: StoredHash | null): StoredHash | null {
  return hash?.kind === 'bcrypt' && password.includes('\0') ? null : hash;
}

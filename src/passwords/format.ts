import { createHmac } from 'node:crypto';

/**
 * Two stored forms are understood:
 * - `$bcrypt-sha256$v=2,t=2b,r=COST$SALT$DIGEST`, the one that is written. The password goes
 *   through HMAC-SHA-256, keyed by the salt, before bcrypt, so neither its length nor a NUL byte
 *   loses anything (the public format of that name, as Python's passlib writes it).
 * - plain `$2a$`, `$2b$` and `$2y$` hashes of other systems.
 */
export interface StoredHash {
  kind: 'bcrypt-sha256' | 'bcrypt';
  /** bcrypt's logarithmic work factor. */
  cost: number;
  /** 22 characters of bcrypt's own base64. */
  salt: string;
  /** 31 characters of bcrypt's own base64. */
  digest: string;
}

const CURRENT = /^\$bcrypt-sha256\$v=2,t=2b,r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/;
const PLAIN = /^\$2[aby]\$(\d{2})\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** null: not a hash that this project can check. */
export function parseHash(text: string): StoredHash | null {
  const current = CURRENT.exec(text);
  const [, cost, salt, digest] = current ?? PLAIN.exec(text) ?? [];
  if (cost === undefined || salt === undefined || digest === undefined) return null;
  // bcrypt goes up to 31, which takes days; a row must not be able to hold a thread for so long.
  if (Number(cost) < 4 || Number(cost) > 20) return null;
  // 16 bytes of salt fill 22 characters but for four bits; other last characters are no salt.
  if (!/[.Oeu]$/.test(salt)) return null;
  return { kind: current ? 'bcrypt-sha256' : 'bcrypt', cost: Number(cost), salt, digest };
}

export function formatHash({ cost, salt, digest }: Omit<StoredHash, 'kind'>): string {
  return `$bcrypt-sha256$v=2,t=2b,r=${cost}$${salt}$${digest}`;
}

/** What bcrypt is given for a password under this kind of hash. */
export function bcryptInput(password: string, { kind, salt }: Pick<StoredHash, 'kind' | 'salt'>) {
  if (kind === 'bcrypt') return password;
  return createHmac('sha256', salt).update(password, 'utf8').digest('base64');
}

/** bcrypt's own notation of what it is to do: version, cost and salt. */
export function bcryptSettings({ cost, salt }: Pick<StoredHash, 'cost' | 'salt'>): string {
  return `$2b$${String(cost).padStart(2, '0')}$${salt}`;
}

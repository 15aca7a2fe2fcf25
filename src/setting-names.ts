/** Every setting, as README's table has them. A setting that is not listed here can't be read. */
export const SETTING_NAMES = [
  ...(['PORT', 'HOST', 'KEEP_ALIVE', 'DRAIN', 'DATA_DIR', 'BASE_URL', 'LINKS_URL'] as const),
  ...(['ALLOW_INSECURE', 'TRUSTED_ORIGINS', 'TRUST_PROXY', 'HSTS'] as const),
  ...(['COOKIE_NAME', 'COOKIE_MODE', 'COOKIE_DOMAIN'] as const),
  ...(['SESSION_SECRET', 'SESSION_IDLE', 'SESSION_LIFETIME', 'SESSION_MAX_PER_USER'] as const),
  ...(['SESSION_KEEP_ON_LOGIN', 'REMEMBER_IDLE', 'REMEMBER_LIFETIME'] as const),
  ...(['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN', 'REDIS_URL'] as const),
  ...(['TURSO_DATABASE_URL', 'TURSO_AUTH_TOKEN'] as const),
  ...(['BCRYPT_COST', 'HASH_CONCURRENCY', 'HASH_QUEUE'] as const),
  ...(['PASSWORD_MIN_LENGTH', 'PASSWORD_BREACH_CHECK', 'REGISTRATION'] as const),
  ...(['MAIL_URL', 'MAIL_FROM', 'MAIL_HELO', 'RESEND_URL'] as const),
  ...(['APP_URL', 'FRONT_PAGE'] as const),
  ...(['LIMIT_LOGIN_ADDRESS', 'LIMIT_LOGIN_ACCOUNT', 'LIMIT_REGISTER'] as const),
  ...(['LIMIT_FORGOT_ACCOUNT', 'LIMIT_FORGOT_ADDRESS', 'LIMIT_MAIL', 'LIMIT_TOKEN'] as const),
  ...(['LIMIT_PASSWORD', 'LIMIT_ANONYMOUS', 'LIMIT_WRITES'] as const),
  ...(['AUDIT_KEEP', 'LOG_LEVEL'] as const),
  ...(['APP_NAME', 'APP_LOGO_URL', 'APP_COLOR', 'APP_STYLESHEET'] as const),
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

const KNOWN: ReadonlySet<string> = new Set(SETTING_NAMES);

/** Names that start so are meant for this program, whatever follows. */
const OURS = /^(GATEHOUSE|SESSION|REMEMBER|COOKIE|BCRYPT|HASH|PASSWORD|LIMIT)_/;

/** Desktops set this one for every program. */
const FOREIGN: ReadonlySet<string> = new Set(['SESSION_MANAGER']);

/** A shorter name is near to too many others: `HOST` to `HOME`, `PORT` to `PATH`. */
const SHORTEST = 7;
const FARTHEST = 2;

/**
 * Says which names of an environment are probably meant as settings and are none. Most names there
 * belong to other programs, so only those count that are misspelt by little or start as ours do.
 *
 * @returns One line each, with the nearest setting. Values are not shown.
 */
export function unknownSettings(env: Record<string, unknown>): string[] {
  return Object.keys(env).flatMap((name) => {
    // A byte order mark before the first name of a file is no part of it.
    const plain = name.replace(/^\uFEFF/, '');
    if (KNOWN.has(plain) || FOREIGN.has(plain)) return [];
    const upper = plain.toUpperCase().replaceAll('-', '_');
    const isOurs = OURS.test(upper);
    if (!isOurs && upper.length < SHORTEST) return [];
    const nearest = nearestTo(upper.replace(/^GATEHOUSE_/, ''), isOurs ? Infinity : FARTHEST);
    if (nearest === null) return [];
    return [`${plain} is no setting, and is ignored; did you mean ${nearest}?`];
  });
}

/** Returns null if no setting is as near. What differs more in length than that is not compared. */
function nearestTo(name: string, farthest: number): string | null {
  let nearest: string | null = null;
  let least = farthest + 1;
  for (const known of SETTING_NAMES) {
    if (Math.abs(name.length - known.length) >= least) continue;
    const distance = editDistance(name, known);
    if (distance < least) [nearest, least] = [known, distance];
  }
  return nearest;
}

/** How many letters have to be put in, taken out, changed or swapped (Damerau, Levenshtein). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const at = (up: number, left: number) => (up === 0 ? row : rows[i - up])?.[j - left] ?? 0;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(2, 2) + 1 : Infinity;
      row.push(Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + cost, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

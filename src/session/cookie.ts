import type { Milliseconds } from '../time.ts';

export interface SessionCookie {
  name: string;
  /** The values that a `Cookie` header carries under this name. More than one: some are planted. */
  read(header: string | undefined): string[];
  /** `Set-Cookie` of a new value. Without `maxAge` the cookie goes when the browser closes. */
  set(value: string, maxAge?: Milliseconds): string;
  /** `Set-Cookie` that takes the cookie away. */
  clear(): string;
  /**
   * `Set-Cookie` lines that take away cookies of this name which other settings made: for this host
   * or the present domain, partitioned or not (RFC 6265 section 5.3, CHIPS). Never those of another
   * domain, and not the cookie that the present settings make.
   */
  clearStrays(): string[];
}

/**
 * `same-site`: frontends are on the same site as this server. `cross-site`: browsers send the cookie
 * from other sites too, where they keep a jar for each site that it is used from.
 */
export type CookieMode = 'same-site' | 'cross-site';

export interface CookieScope {
  /** Stem of the name: the prefix comes before it. */
  stem: string;
  /** Only over https. */
  secure: boolean;
  /** Parent domain of the hosts that get the cookie. null: this host alone. */
  domain: string | null;
  /** `cross-site` is for https alone: browsers drop such a cookie without `Secure`. */
  mode: CookieMode;
}

const SAME_SITE: Record<CookieMode, string> = { 'same-site': 'Lax', 'cross-site': 'None' };

/**
 * A cookie of this server (ASVS 3.3). Parsed here rather than by a general parser: those trim odd
 * white space and decode percent signs, so that ` __Host-gatehouse` or `__%48ost-gatehouse`, which
 * any sibling site can plant, pass for the real one.
 */
function createCookie(base: string, { secure, domain, mode }: CookieScope): SessionCookie {
  const prefix = domain === null ? '__Host-' : '__Secure-';
  const name = secure ? `${prefix}${base}` : base;
  const start = `${name}=`;
  const partitions = mode === 'cross-site';
  const attributes = attributesOf(domain, partitions);

  function attributesOf(ofDomain: string | null, partitioned: boolean): string {
    const of = ofDomain === null ? '' : `; Domain=${ofDomain}`;
    const only = partitioned ? '; Partitioned' : '';
    return `; Path=/; HttpOnly; SameSite=${SAME_SITE[mode]}${only}${of}${secure ? '; Secure' : ''}`;
  }

  return {
    name,
    read(header) {
      const values: string[] = [];
      if (header === undefined) return values;
      for (let from = 0; from < header.length; ) {
        const semicolon = header.indexOf(';', from);
        const end = semicolon < 0 ? header.length : semicolon;
        if (header.startsWith(start, from)) values.push(header.slice(from + start.length, end));
        // RFC 6265 section 4.2.1: pairs are parted by a semicolon and one space.
        from = header[end + 1] === ' ' ? end + 2 : end + 1;
      }
      return values;
    },
    set(value, maxAge) {
      const life = maxAge === undefined ? '' : `; Max-Age=${Math.floor(maxAge / 1000)}`;
      return `${start}${value}${life}${attributes}`;
    },
    clear: () => `${start}; Max-Age=0${attributes}`,
    clearStrays() {
      const domains = domain === null ? [null] : [null, domain];
      // Browsers take `Partitioned` only with `Secure`.
      const partitionings = secure ? [false, true] : [false];
      return domains
        .flatMap((of) => partitionings.map((partitioned) => attributesOf(of, partitioned)))
        .filter((others) => others !== attributes)
        .map((others) => `${start}; Max-Age=0${others}`);
    },
  };
}

export const createSessionCookie = (scope: CookieScope): SessionCookie =>
  createCookie(scope.stem, scope);

/** Names a device that somebody has signed in on; never for other hosts than this one. */
export const createDeviceCookie = (scope: Omit<CookieScope, 'domain'>): SessionCookie =>
  createCookie(`${scope.stem}-device`, { ...scope, domain: null });

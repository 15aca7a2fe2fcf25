import type { Milliseconds } from '../time.ts';

export interface SessionCookie {
  name: string;
  /** The values that a `Cookie` header carries under this name. More than one: some are planted. */
  read(header: string | undefined): string[];
  /** `Set-Cookie` of a new session. Without `maxAge` the cookie goes when the browser closes. */
  set(token: string, maxAge?: Milliseconds): string;
  /** `Set-Cookie` that takes the cookie away. */
  clear(): string;
}

export interface CookieScope {
  /** Only over https. */
  secure: boolean;
  /** Parent domain of the hosts that get the cookie. null: this host alone. */
  domain: string | null;
}

/**
 * The session cookie (ASVS 3.3). Parsed here rather than by a general parser: those trim odd white
 * space and decode percent signs, so that ` __Host-gatehouse` or `__%48ost-gatehouse`, which any
 * sibling site can plant, pass for the real one.
 */
export function createSessionCookie({ secure, domain }: CookieScope): SessionCookie {
  const prefix = domain === null ? '__Host-' : '__Secure-';
  const name = secure ? `${prefix}gatehouse` : 'gatehouse';
  const scope = `${domain === null ? '' : `; Domain=${domain}`}${secure ? '; Secure' : ''}`;
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${scope}`;
  const start = `${name}=`;

  return {
    name,
    read(header) {
      if (header === undefined || !header.includes(start)) return [];
      return (
        header
          .split(';')
          // RFC 6265 section 4.2.1: pairs are parted by a semicolon and one space.
          .map((pair, i) => (i > 0 && pair.startsWith(' ') ? pair.slice(1) : pair))
          .filter((pair) => pair.startsWith(start))
          .map((pair) => pair.slice(start.length))
      );
    },
    set(token, maxAge) {
      const life = maxAge === undefined ? '' : `; Max-Age=${Math.floor(maxAge / 1000)}`;
      return `${start}${token}${life}${attributes}`;
    },
    clear: () => `${start}; Max-Age=0${attributes}`,
  };
}

/**
 * The one form in which an address is stored and compared: trimmed, NFC, lower case, an ASCII local
 * part, the domain as punycode. null: not an address that this project takes.
 *
 * What only looks like another address is refused, never folded into it: characters that Unicode
 * maps to ASCII (the Kelvin sign, fullwidth letters, other full stops) and characters that nobody
 * sees (soft hyphens, joiners), so that no two people can meet in one account.
 */
export function canonicalEmail(text: string): string | null {
  // NFC alone makes a `K` of the Kelvin sign.
  const folds = [...text].some((char) => !isAscii(char) && isAscii(char.normalize('NFC')));
  const [local = '', domain = '', ...rest] = text.trim().normalize('NFC').split('@');
  if (folds || rest.length > 0 || !LOCAL_PART.test(local) || local.length > 64) return null;
  const host = canonicalDomain(domain);
  if (host === null) return null;
  const email = `${local.toLowerCase()}@${host}`;
  // RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
  return email.length <= 254 ? email : null;
}

/** RFC 5322 section 3.2.3: a dot-atom. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Two labels or more, the last of which is not a number (that would be an IP address). */
const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function canonicalDomain(domain: string): string | null {
  const lower = domain.toLowerCase();
  const host = isAscii(domain) ? lower : punycode(domain, lower);
  return host !== null && HOST.test(host) ? host : null;
}

function punycode(domain: string, lower: string): string | null {
  const stable = lower.normalize('NFKC') === lower && !MAPPED.test(lower);
  const turnsAscii = [...domain].some((char) => !isAscii(char) && /[ -~]/.test(char.toLowerCase()));
  if (!stable || turnsAscii || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(lower)) return null;
  return URL.canParse(`http://${lower}`) ? new URL(`http://${lower}`).hostname : null;
}

/**
 * Characters that a domain is written without (UTS 46): rounded and other forms of Cyrillic letters,
 * characters that nobody sees. Eszett, final sigma and Cherokee stay what they are.
 */
const MAPPED = /(?![\u00df\u03c2\p{Script=Cherokee}])\p{Changes_When_NFKC_Casefolded}/u;

const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);

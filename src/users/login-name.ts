/**
 * Longest name that a login looks up, in UTF-16 units and before anything is done with it: RFC 5321
 * section 4.5.3.1 allows an address 254, and imported ones may be a little longer.
 */
export const LONGEST_LOGIN_NAME = 320;

/**
 * The form in which a login looks up a name that registration may not take, such as an imported
 * `josé`, `anna+work` or `bob@corp`: trimmed, NFC, lower case. Returns null for what is nobody's name:
 * an empty or too long text, one with control characters, and one with a character that these steps
 * turn into ASCII (the Kelvin sign, a dotted capital I), so that no look-alike reaches a plain name.
 */
export function storedName(text: string): string | null {
  if (text.length > LONGEST_LOGIN_NAME || /\p{Cc}/u.test(text.trim())) return null;
  if ([...text].some((char) => !isAscii(char) && /[ -~]/.test(lower(char)))) return null;
  const name = lower(text.trim());
  return name === '' ? null : name;
}

const lower = (text: string) => text.normalize('NFC').toLowerCase().normalize('NFC');

const isAscii = (char: string) => char <= '\x7f';

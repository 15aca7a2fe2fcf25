import { COMMON_PASSWORDS } from './common-list.ts';
import { runLength, thoughtOf } from './common-runs.ts';

/** What is added to a common word counts from here on: eight digits are a date of birth. */
export const ADDED_ENOUGH = 9;

/** Runs such as `1234` count as one character; with fewer than this there is little to guess. */
const TOO_SIMPLE = 6;

/** A piece shorter than this, over and over, is no better than a single character. */
const SHORT_PIECE = 4;

/** Runs and short pieces are refused below this length; lists of guesses don't go further. */
const LONG_ENOUGH = 20;

/** From here on only the list itself counts: 64 characters are always possible (ASVS 6.2.9). */
const LONG = 64;

/** A run of letters before or after a word is decoration from here on; words hold shorter ones. */
const LETTER_RUN = 4;

/** Other letters with which people spell a word. */
const SPELLED: Record<string, string> = {
  ...{ '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' },
};

/** Passwords are compared composed and in lower case. */
export const fold = (text: string) => text.normalize('NFC').toLowerCase();

/**
 * A common password, or little more than one: with digits, punctuation or a keyboard row around it,
 * repeated, spelled with look-alikes, or nothing but rows and counting (ASVS 6.2.4 and 6.2.12,
 * NIST SP 800-63B-4 section 3.1.1.2). A passphrase that holds a common word is not.
 */
export function isCommon(password: string): boolean {
  const text = fold(password);
  const chars = [...text];
  // The list and the rows are ASCII, so they say nothing about other scripts.
  if (chars.length >= LONG || !/[!-~]/.test(text)) return isListed(text);
  return isGuessable(chars);
}

function isGuessable(chars: readonly string[]): boolean {
  if (isListed(chars.join('')) || isSimple(chars)) return true;
  return isRepeated(chars) || isDecorated(chars);
}

function isSimple(chars: readonly string[]): boolean {
  const thought = thoughtOf(chars).at(-1) ?? 0;
  return chars.length < LONG_ENOUGH && thought < TOO_SIMPLE && thought < chars.length;
}

/** `passwordpassword`, also with something between; the whole may end before the last piece does. */
function isRepeated(chars: readonly string[]): boolean {
  for (let length = 1; 2 * length <= chars.length + 1 && length < chars.length; length += 1) {
    if (chars.some((char, at) => at >= length && char !== chars[at - length])) continue;
    if (length < SHORT_PIECE && chars.length < LONG_ENOUGH) return true;
    return isGuessable(chars.slice(0, length));
  }
  return false;
}

/** A listed entry with less than `ADDED_ENOUGH` around it, none of which is a letter of a word. */
function isDecorated(chars: readonly string[]): boolean {
  const backwards = chars.toReversed();
  const [before, after] = [decoration(chars), decoration(backwards)];
  if (before + after >= chars.length) return false;
  const [addedBefore, addedAfter] = [thoughtOf(chars), thoughtOf(backwards)];
  const isLittle = (i: number, j: number) =>
    (addedBefore[i] ?? 0) + (addedAfter[j] ?? 0) < ADDED_ENOUGH;
  // An entry may begin or end with such characters itself, as in `123abc`, so all cuts are tried.
  for (let i = 0; i <= before; i += 1) {
    for (let j = 0; j <= after && isLittle(i, j); j += 1) {
      if (isListed(chars.slice(i, chars.length - j).join(''))) return true;
    }
  }
  const core = chars.slice(before, chars.length - after);
  return core.length < chars.length && isLittle(before, after) && isRepeated(core);
}

/** How many code points at the start are no part of a word. */
function decoration(chars: readonly string[]): number {
  let at = 0;
  while (at < chars.length) {
    const run = runLength(chars, at);
    if (/\p{L}/u.test(chars[at] as string) && run < LETTER_RUN) break;
    at += run;
  }
  return at;
}

function isListed(text: string): boolean {
  list ??= decode(COMMON_PASSWORDS);
  if (list.has(text)) return true;
  return list.has(text.replace(/[@4310!$57]/g, (char) => SPELLED[char] as string));
}

/** Made by the first password that is checked, so that it costs a start nothing. */
let list: Set<string> | undefined;

/** Each entry begins with a capital that says how much of the one before it shares. */
function decode(text: string): Set<string> {
  const entries = new Set<string>();
  let entry = '';
  for (const part of text.split(/(?=[A-Z])/)) {
    entry = entry.slice(0, part.charCodeAt(0) - 65) + part.slice(1);
    entries.add(entry);
  }
  return entries;
}

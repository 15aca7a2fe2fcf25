import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { dictionary } from '@zxcvbn-ts/language-common';

const TARGET = fileURLToPath(new URL('../src/passwords/common-list.ts', import.meta.url));

/** The most frequent ones of the source, which is ordered by frequency. */
const FREQUENT = 10_800;

/** All that can be used as they are, under the default of PASSWORD_MIN_LENGTH. */
const LONG = 12;

const source = dictionary['passwords-common'].map(fold);
const taken = new Set(source.filter((entry, rank) => rank < FREQUENT || entry.length >= LONG));
const kept = [...taken].filter((entry) => !isDecorated(entry)).sort();
await writeFile(TARGET, moduleOf(encode(kept)));
console.log(`${kept.length} of ${taken.size} entries are kept in src/passwords/common-list.ts`);

function fold(entry) {
  const folded = entry.normalize('NFC').toLowerCase();
  if (!/^[!-@[-~]{1,20}$/.test(folded)) throw new Error(`can not be encoded: ${entry}`);
  return folded;
}

/** Another entry with digits or punctuation around it, which the rules of common.ts refuse too. */
function isDecorated(entry) {
  const core = entry.replace(/^[^a-z]+|[^a-z]+$/g, '');
  return core !== entry && taken.has(core) && entry.length - core.length <= 8;
}

/** Front coding: how much is shared with the entry before, as a capital (A: nothing), and the rest. */
function encode(entries) {
  let before = '';
  return entries.map((entry) => {
    let shared = 0;
    while (shared < entry.length && entry[shared] === before[shared]) shared += 1;
    before = entry;
    return String.fromCharCode(65 + shared) + entry.slice(shared);
  });
}

/** One line for each first character, so that a change shows where it is. */
function moduleOf(encoded) {
  const lines = encoded.join('').split(/(?=A)/);
  return `// Made by scripts/common-passwords.mjs; not edited by hand.
//
// From @zxcvbn-ts/language-common 4.1.3, under the MIT licence:
// Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.
// Copyright (c) 2021 @zxcvbn-ts

/** Common passwords in lower case, sorted and front coded: see \`common.ts\`. */
export const COMMON_PASSWORDS = [
${lines.map((line) => `  ${quoted(line)},`).join('\n')}
].join('');
`;
}

/** As the formatter writes it: the quotes that need fewer escapes. */
function quoted(text) {
  const escaped = text.replaceAll('\\', '\\\\');
  const single = text.split("'").length <= text.split('"').length;
  const quote = single ? "'" : '"';
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}

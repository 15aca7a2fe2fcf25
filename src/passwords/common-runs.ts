/** Where fingers and counting go: each of these is also followed backwards, and from any place. */
const LINES = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  '!@#$%^&*()',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  // The keyboards of other countries.
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  // Down the columns, and zigzag.
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm'],
  ...['!qaz', '@wsx', '#edc', '$rfv', '%tgb', '^yhn', '&ujm'],
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
].flatMap((line) => [line, [...line].reverse().join('')]);

/** `cd` and `po` happen in words. */
const SHORTEST_RUN = 3;

/**
 * How many of these code points begin a run: `1234`, `qwer`, `fedc` or `aaaa`. It is as long as
 * most runs from there; 1 when there is none.
 */
export function runLength(chars: readonly string[], at: number): number {
  let longest = follow(chars, at, () => chars[at]);
  for (const line of LINES) {
    const start = line.indexOf(chars[at] as string);
    if (start >= 0)
      longest = Math.max(
        longest,
        follow(chars, at, (n) => line[start + n]),
      );
  }
  return longest < SHORTEST_RUN ? 1 : longest;
}

function follow(chars: readonly string[], at: number, next: (n: number) => string | undefined) {
  let n = 1;
  while (at + n < chars.length && chars[at + n] === next(n)) n += 1;
  return n;
}

/**
 * How many code points somebody had to think of: a run counts as one. Entry n is about the first n
 * of them.
 */
export function thoughtOf(chars: readonly string[]): number[] {
  const counts = [0];
  let count = 0;
  while (counts.length <= chars.length) {
    count += 1;
    const length = runLength(chars, counts.length - 1);
    for (let i = 0; i < length; i += 1) counts.push(count);
  }
  return counts;
}

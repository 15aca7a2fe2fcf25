/**
 * What nobody sees, or what turns the direction of the text around it: controls, line and paragraph
 * separators, everything that Unicode says to draw as nothing (bidirectional controls, zero-width
 * characters, fillers, tags), annotation marks, and the blank Braille pattern.
 */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/u;

/**
 * Where such a character belongs to the spelling: one joiner inside a word (Persian, Sinhala), joined
 * emoji and their variation selectors, variants of Han and Mongolian letters.
 */
const SPELLED = new RegExp(
  [
    '(?<=[\\p{L}\\p{M}])[\\u200c\\u200d](?=[\\p{L}\\p{M}])',
    '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})',
    '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]',
    '(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
    '(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]',
  ].join('|'),
  'gu',
);

/** Whether a name has characters that make it look like another one, or like nothing. */
export const hasInvisible = (text: string): boolean => INVISIBLE.test(text.replace(SPELLED, ''));

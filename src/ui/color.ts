type Rgb = readonly [red: number, green: number, blue: number];

/** What a page is drawn on, by scheme. */
export interface Grounds {
  paper: string;
  card: string;
}

/** The colours that are made from one, for one scheme. */
export interface Accents {
  /** Of buttons. */
  fill: string;
  /** Text on it: at least 4.5 to 1. */
  onFill: string;
  /** Of their edges: what tells a button from the ground where its fill does not. */
  rim: string;
  /** What `fill` is mixed with under the pointer, away from its text. */
  away: string;
  /** Of links, edges and the ring of focus: at least 4.5 to 1 on every ground. */
  accent: string;
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Of text that people can read: WCAG 2.2 asks for 4.5 (1.4.3); light lines on dark need more. */
const TEXT = { light: 4.5, dark: 7 };

/** Of shapes that they must see (1.4.11). */
const SHAPE = 3;

/** On light, the colour fills as it is; on dark, it is lifted until it can be seen. */
export function accents(color: string, grounds: Grounds, scheme: 'light' | 'dark'): Accents {
  const own = parse(color);
  const on = [parse(grounds.paper), parse(grounds.card)];
  const shades = scheme === 'light' ? darker(own) : brighter(own);
  const fill = scheme === 'light' ? own : firstSeen(shades, on, SHAPE);
  const accent = firstSeen(shades, on, TEXT[scheme]);
  const dark = contrast(fill, WHITE) < contrast(fill, BLACK);
  return {
    fill: format(fill),
    onFill: format(dark ? BLACK : WHITE),
    away: format(dark ? WHITE : BLACK),
    rim: format(isSeen(fill, on, SHAPE) ? fill : accent),
    accent: format(accent),
  };
}

const STEPS = Array.from({ length: 51 }, (_, step) => step / 50);

/** From the colour to black. */
const darker = (color: Rgb): Rgb[] => STEPS.map((part) => mix(color, BLACK, part));

/** From the colour to its brightest, so that it stays itself, and from there to white. */
function brighter(color: Rgb): Rgb[] {
  const scale = 255 / Math.max(1, ...color);
  const brightest: Rgb = [color[0] * scale, color[1] * scale, color[2] * scale];
  return [
    ...STEPS.map((part) => mix(color, brightest, part)),
    ...STEPS.map((part) => mix(brightest, WHITE, part)),
  ];
}

/** The last of the shades is seen on every ground that a scheme has. */
const firstSeen = (shades: Rgb[], grounds: readonly Rgb[], wanted: number): Rgb =>
  shades.find((shade) => isSeen(shade, grounds, wanted)) ?? shades.at(-1) ?? BLACK;

const isSeen = (color: Rgb, grounds: readonly Rgb[], wanted: number): boolean =>
  grounds.every((ground) => contrast(color, ground) >= wanted);

/** From 1 to 21 (WCAG 2.2, contrast ratio). */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb
    .map((value) => value / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const mix = (one: Rgb, other: Rgb, part: number): Rgb => [
  Math.round(one[0] + (other[0] - one[0]) * part),
  Math.round(one[1] + (other[1] - one[1]) * part),
  Math.round(one[2] + (other[2] - one[2]) * part),
];

const parse = (text: string): Rgb => [byte(text, 1), byte(text, 3), byte(text, 5)];

const byte = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16);

const format = (rgb: Rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** The first that fits, because browsers name those that they come from too. */
const BROWSERS: [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/\S+ (?:Mobile\/\S+ )?Safari\//],
];

const SYSTEMS: [string, RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** `Firefox, Linux` for people to recognise; what can't be told apart is shown as it is. */
export const deviceName = (userAgent: string): string => knownDeviceName(userAgent) ?? userAgent;

/**
 * `Firefox, Linux`, made of words of ours alone: what a stranger sends may be any text. Returns null
 * where browser or system are not known.
 */
export function knownDeviceName(userAgent: string): string | null {
  const named = (known: [string, RegExp][]) => known.find(([, mark]) => mark.test(userAgent))?.[0];
  const browser = named(BROWSERS);
  const system = named(SYSTEMS);
  return browser && system ? `${browser}, ${system}` : null;
}

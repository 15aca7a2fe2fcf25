import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The flags that it runs with everywhere: in a container, without a screen, asking nobody. */
export const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-quic',
  '--disable-sync',
  '--disable-component-update',
  '--use-gl=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** The system's Chromium; null, after saying so, where there is none. In CI that is an error. */
export function findChromium(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs);
  if (found) return found;
  const note = 'No Chromium on the PATH, so no page is tested (Debian: apt-get install chromium).';
  if (process.env.CI) throw new Error(note);
  console.warn(`SKIPPED: ${note}`);
  return null;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

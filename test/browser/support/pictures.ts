import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** So much of a channel's 255 is rounding, which differs from run to run. */
const UNSEEN = 8;

/** Keeps a picture of the page, unless the one that is there looks the same. */
export async function keepPicture(page: Page, path: string): Promise<void> {
  const drawn = await page.screenshot({ fullPage: true, animations: 'disabled' });
  const before = await readFile(path).catch(() => null);
  if (before === null || !(await looksSame(page, before, drawn))) await writeFile(path, drawn);
}

/** Compared by a page that decodes pictures: this one is not under the policy of any site. */
async function looksSame(page: Page, ...pictures: [Buffer, Buffer]): Promise<boolean> {
  const blank = await page.context().newPage();
  const encoded = pictures.map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
  const same = await blank.evaluate<boolean>(`(async () => {
    const [before, drawn] = await Promise.all(${JSON.stringify(encoded)}.map(async (address) => {
      const bitmap = await createImageBitmap(await (await fetch(address)).blob());
      const { width, height } = bitmap;
      const canvas = new OffscreenCanvas(width, height).getContext('2d');
      canvas.drawImage(bitmap, 0, 0);
      return canvas.getImageData(0, 0, width, height);
    }));
    if (before.width !== drawn.width || before.height !== drawn.height) return false;
    return drawn.data.every((value, at) => Math.abs(value - before.data[at]) <= ${UNSEEN});
  })()`);
  await blank.close();
  return same;
}

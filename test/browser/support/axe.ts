import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const LOOKS = [
  { colorScheme: 'light', width: 1100, height: 800 },
  { colorScheme: 'dark', width: 1100, height: 800 },
  { colorScheme: 'light', width: 360, height: 740 },
  { colorScheme: 'dark', width: 360, height: 740 },
] as const;

/** axe finds nothing, light and dark, on a desktop and on a phone, where nothing is cut off. */
export async function expectAccessible(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.evaluate(axe.source);
  for (const { colorScheme, ...size } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const seen = { page: await page.title(), colorScheme, ...size };
    expect({ ...seen, ...(await findings(page)) }).toEqual({
      ...seen,
      overflow: 0,
      violations: [],
    });
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width, height });
}

const findings = (page: Page) =>
  page.evaluate(async () => {
    // Code in the page, where axe has been put.
    const { axe, document } = globalThis as unknown as PageGlobals;
    const { violations } = await axe.run({ preload: false, resultTypes: ['violations'] });
    const { scrollWidth, clientWidth } = document.documentElement;
    return {
      overflow: scrollWidth - clientWidth,
      violations: violations.map(({ id, help, nodes }) => ({
        ...{ id, help },
        nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
      })),
    };
  });

interface PageGlobals {
  axe: typeof axe;
  document: { documentElement: { scrollWidth: number; clientWidth: number } };
}

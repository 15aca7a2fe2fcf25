import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, it as anywhere, expect, inject, onTestFinished } from 'vitest';
import { ARGS } from './chromium.ts';
import type { World } from './setup.ts';

/** A test that needs a browser; where there is none, the run has said so. */
export const it = anywhere.skipIf(inject('world') === null);

export function world(): World {
  const found = inject('world');
  if (found === null) throw new Error('a test without a browser');
  return found;
}

/** One for all tests of a file. */
let shared: Promise<Browser> | undefined;

afterAll(async () => (await shared)?.close());

/** Long enough for a machine that is busy; what is there is found at once. */
const PATIENCE = 30_000;

const PLAIN: BrowserContextOptions = { locale: 'en-US', timezoneId: 'Europe/Vienna' };

export const settings = (options: BrowserContextOptions = {}): BrowserContextOptions => ({
  ...PLAIN,
  baseURL: world().gatehouse.url,
  ...options,
});

/**
 * A browser of somebody's own: no cookies yet. What its pages complain of fails the test, but for
 * what is `meant`.
 */
export async function openBrowser(
  options?: BrowserContextOptions,
  meant?: RegExp,
): Promise<BrowserContext> {
  shared ??= chromium.launch({ executablePath: world().chromium, args: ARGS });
  const context = await (await shared).newContext(settings(options));
  watch(context, meant);
  onTestFinished(() => context.close());
  return context;
}

/** A page in a browser of its own. */
export const openPage = async (options?: BrowserContextOptions, meant?: RegExp): Promise<Page> =>
  (await openBrowser(options, meant)).newPage();

/** Fails the test for errors in scripts, on the console and against the content security policy. */
export function watch(context: BrowserContext, meant = /^$/): void {
  context.setDefaultTimeout(PATIENCE);
  const complaints: { text: string; url: string }[] = [];
  const refused = new Set<string>();
  context.on('weberror', (error) => {
    complaints.push({ text: String(error.error()), url: error.page()?.url() ?? '' });
  });
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    complaints.push({ text: message.text(), url: message.location().url });
  });
  // Chromium complains of every page with such a status; that is for the test to judge.
  context.on('response', (response) => {
    if (response.status() >= 400 && response.request().isNavigationRequest()) {
      refused.add(response.url());
    }
  });
  onTestFinished(() => {
    const isRefusal = ({ text, url }: (typeof complaints)[number]) =>
      refused.has(url) && text.startsWith('Failed to load resource');
    expect(complaints.filter((one) => !isRefusal(one) && !meant.test(one.text))).toEqual([]);
  });
}

/** Looks until it holds, as somebody at the screen would. */
export const eventually = <T>(look: () => T | Promise<T>) =>
  expect.poll(look, { timeout: PATIENCE, interval: 50 });

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, onTestFinished } from 'vitest';
import { it, settings, watch, world } from './support/browser.ts';
import { ARGS } from './support/chromium.ts';
import { greeted, signIn, somebody, titled } from './support/people.ts';

/** A browser whose profile stays when it is closed. */
function profile() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const executablePath = world().chromium;
  return async function open() {
    const context = await chromium.launchPersistentContext(folder, {
      ...{ executablePath, args: ARGS },
      ...settings(),
    });
    watch(context);
    onTestFinished(() => context.close());
    return context;
  };
}

describe('a browser that is closed and opened again', () => {
  it('is still signed in where that was asked for', async () => {
    const { person } = await somebody();
    const open = profile();
    const before = await open();
    const page = await before.newPage();
    await signIn(page, person, true);
    await greeted(page, person);
    await before.close();

    const after = await (await open()).newPage();
    await after.goto('/');
    await greeted(after, person);
  });

  it('is signed out where it was not', async () => {
    const { person } = await somebody();
    const open = profile();
    const before = await open();
    const page = await before.newPage();
    await signIn(page, person);
    await greeted(page, person);
    await before.close();

    const after = await (await open()).newPage();
    await after.goto('/');
    await titled(after, 'Welcome');
  });
});

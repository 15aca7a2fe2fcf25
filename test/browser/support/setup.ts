import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ARGS, findChromium } from './chromium.ts';
import { type Gatehouse, startGatehouse } from './gatehouse.ts';
import { startSite } from './sites.ts';

export interface World {
  gatehouse: Gatehouse;
  /** Where a test connects to the one browser, and what to start for another. */
  browser: { endpoint: string; program: string };
  /** Ports of two sites: the server trusts `http://localhost:trusted`, and no other address. */
  sites: { trusted: number; strange: number };
}

declare module 'vitest' {
  interface ProvidedContext {
    /** null: there is no Chromium on this machine. */
    world: World | null;
  }
}

export default async function setup(project: TestProject) {
  const program = findChromium();
  if (program === null) {
    project.provide('world', null);
    return;
  }
  const [trusted, strange] = await Promise.all([startSite(), startSite()]);
  const [gatehouse, browser] = await Promise.all([
    startGatehouse({ TRUSTED_ORIGINS: `http://localhost:${trusted.port}` }),
    chromium.launchServer({ executablePath: program, args: ARGS }),
  ]);
  project.provide('world', {
    gatehouse: { url: gatehouse.url, outbox: gatehouse.outbox },
    browser: { endpoint: browser.wsEndpoint(), program },
    sites: { trusted: trusted.port, strange: strange.port },
  });
  return async () => {
    trusted.close();
    strange.close();
    await Promise.all([browser.close(), gatehouse.stop()]);
  };
}

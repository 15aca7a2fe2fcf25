import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { type Gatehouse, startGatehouse } from './gatehouse.ts';
import { startSite } from './sites.ts';

export interface World {
  gatehouse: Gatehouse;
  /** The path of the program. */
  chromium: string;
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
  const chromium = findChromium();
  if (chromium === null) {
    project.provide('world', null);
    return;
  }
  const [trusted, strange] = await Promise.all([startSite(), startSite()]);
  const gatehouse = await startGatehouse({
    TRUSTED_ORIGINS: `http://localhost:${trusted.port}`,
  });
  project.provide('world', {
    gatehouse: { url: gatehouse.url, outbox: gatehouse.outbox, outboxPage: gatehouse.outboxPage },
    chromium,
    sites: { trusted: trusted.port, strange: strange.port },
  });
  return async () => {
    trusted.close();
    strange.close();
    await gatehouse.stop();
  };
}

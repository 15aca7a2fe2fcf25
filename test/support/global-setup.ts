import type { TestProject } from 'vitest/node';
import { startBacking } from './backing.ts';
import { startSqld } from './sqld.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis REST store of the tests. */
    storeUrl: string;
    /** The real libSQL server of the tests. */
    databaseUrl: string;
  }
}

export default async function setup(project: TestProject) {
  const [backing, sqld] = await Promise.all([startBacking(), startSqld()]);
  project.provide('storeUrl', backing.url);
  project.provide('databaseUrl', sqld.url);
  return () => Promise.all([backing.close(), sqld.close()]);
}

import type { TestProject } from 'vitest/node';
import { startBacking } from './backing.ts';
import { startResend } from './resend.ts';
import { startSqld } from './sqld.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis REST store of the tests. */
    storeUrl: string;
    /** The real libSQL servers of the tests, one for each worker. */
    databaseUrls: string[];
    /** The stand-in of the Resend API. */
    resendUrl: string;
  }
}

export default async function setup(project: TestProject) {
  const workers = Array.from({ length: project.vitest.config.maxWorkers });
  const [backing, databases, resend] = await Promise.all([
    startBacking(),
    Promise.all(workers.map(() => startSqld())),
    startResend(),
  ]);
  project.provide('storeUrl', backing.url);
  project.provide(
    'databaseUrls',
    databases.map(({ url }) => url),
  );
  project.provide('resendUrl', resend.url);
  return () => Promise.all([backing, ...databases, resend].map((server) => server.close()));
}

import type { TestProject } from 'vitest/node';
import { startBacking } from './backing.ts';
import { startResend } from './resend.ts';
import { startSqld } from './sqld.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis REST store of the tests. */
    storeUrl: string;
    /** The real libSQL server of the tests. */
    databaseUrl: string;
    /** The stand-in of the Resend API. */
    resendUrl: string;
  }
}

export default async function setup(project: TestProject) {
  const [backing, sqld, resend] = await Promise.all([startBacking(), startSqld(), startResend()]);
  project.provide('storeUrl', backing.url);
  project.provide('databaseUrl', sqld.url);
  project.provide('resendUrl', resend.url);
  return () => Promise.all([backing.close(), sqld.close(), resend.close()]);
}

import { inject } from 'vitest';

/** The libSQL server that this worker has for itself. Its suites run one after the other. */
export function databaseUrl(): string {
  const url = inject('databaseUrls')[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined)
    throw new Error(`there is no libSQL server for worker ${process.env.VITEST_POOL_ID}`);
  return url;
}

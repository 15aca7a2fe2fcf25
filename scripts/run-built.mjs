import { existsSync } from 'node:fs';

/**
 * Builds a program of `dist/server` and runs it in this very process, so that a signal sent to it arrives. Without
 * the development dependencies (after `npm prune --omit=dev`) it runs what was built before. Settings
 * may stand in `.env`; what the environment says wins.
 */
export async function runBuilt(name) {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const built = new URL(`../dist/server/${name}.js`, import.meta.url);
  const builder = await import('./build.mjs').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !existsSync(built)) throw error;
  });
  await builder?.buildServer([name]);
  await import(built.href);
}

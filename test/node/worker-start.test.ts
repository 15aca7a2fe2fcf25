import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What is evaluated before a Worker's first answer: its entry, and all that is not imported late. */
async function startOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    ...{ entryPoints: [entry], outdir: 'not-written', write: false, metafile: true },
    ...{ bundle: true, splitting: true, format: 'esm', conditions: ['workerd'] },
    external: ['node:*', 'cloudflare:*', 'crypto'],
  });
  const { outputs } = metafile;
  const start = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry);
  const found = new Set([start ?? '']);
  for (const path of found) {
    for (const { kind, path: next } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') found.add(next);
    }
  }
  return [...found].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

const packageOf = (path: string) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];

describe('the start of a Worker', () => {
  it('loads no database and no store before something is asked of them', async () => {
    const files = await startOf('src/worker.ts');
    expect(files).toContain('src/worker.ts');
    expect(files).toContain('src/redis/upstash.ts');
    const packages = new Set(files.map(packageOf).filter((name) => name !== undefined));
    const why = 'a Worker starts sooner without: load it late, or add it here (decision 8)';
    expect([...packages].sort(), why).toEqual([
      'bcryptjs',
      'hono',
      'hono-sessions',
      'iron-webcrypto',
      'ohash',
      'uuidv7',
      'valibot',
    ]);
  });
});

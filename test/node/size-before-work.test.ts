import { expect, it } from 'vitest';
import { BODIES } from '../properties/bodies.ts';
import { createTestApp } from '../support/app.ts';

/** What costs more than its length to normalize, to split or to make an address of. */
const HOSTILE: Record<string, (units: number) => string> = {
  'combining marks': (units) => '\u0345\u0334'.repeat(units / 2),
  'a domain of Han characters': (units) => `a@${'\u4e2d'.repeat(units)}.com`,
  'halves of pairs': (units) => '\ud800'.repeat(units),
  dots: (units) => `a@${'a.'.repeat(units / 2)}`,
  spaces: (units) => ' '.repeat(units),
};

/** A body is at most 16 KiB, and a character of these takes three bytes in UTF-8. */
const UNITS = 5200;
const LONGEST = 1024;

const NORMALIZE = String.prototype.normalize;
const ITERATE = String.prototype[Symbol.iterator];

/** Runs `work`, and returns the lengths of the texts that were normalized or split meanwhile. */
async function lengthsOf(work: () => Promise<unknown>): Promise<number[]> {
  const lengths: number[] = [];
  function watch(name: 'normalize' | typeof Symbol.iterator, value: unknown) {
    Object.defineProperty(String.prototype, name, { value, configurable: true, writable: true });
  }
  watch('normalize', function normalize(this: string, form?: string) {
    lengths.push(this.length);
    return NORMALIZE.call(this, form);
  });
  watch(Symbol.iterator, function iterate(this: string) {
    lengths.push(this.length);
    return ITERATE.call(this);
  });
  try {
    await work();
  } finally {
    watch('normalize', NORMALIZE);
    watch(Symbol.iterator, ITERATE);
  }
  return lengths;
}

it.each(Object.keys(BODIES))('%s looks at the length of a text first', async (route) => {
  const app = await createTestApp();
  const { client } = await app.registered();
  const [method = '', path = ''] = route.split(' ');
  const formOnly = /^\/(account|verify)/.test(path);
  for (const field of Object.keys(BODIES[route] ?? {})) {
    for (const [what, make] of Object.entries(HOSTILE)) {
      const text = make(formOnly ? UNITS / 4 : UNITS).slice(0, UNITS);
      const sent = formOnly ? { form: { [field]: text } } : { json: { [field]: text } };
      const ask = () => client.request(method, path.replace(':id', 'x'), sent);
      const lengths = await lengthsOf(ask);
      expect(Math.max(0, ...lengths), `${field}: ${what}`).toBeLessThanOrEqual(LONGEST);
      const all = lengths.reduce((sum, length) => sum + length, 0);
      expect(all, `${field}: ${what}`).toBeLessThan(16 * 1024);
    }
  }
});

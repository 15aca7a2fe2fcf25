import { expect, inject, it } from 'vitest';
import { createBreached } from '../../src/passwords/breach.ts';

it.each([
  ['down', null],
  ['status-500', 'status 500'],
  ['html', 'not a list of digests'],
])('rejects when the service that knows breached passwords is broken: %s', async (kind, reason) => {
  const breached = createBreached({ url: `${inject('storeUrl')}/broken/${kind}/`, timeout: 4000 });
  const failed = await breached('correct horse battery staple').catch((error) => error);
  expect(failed).toBeInstanceOf(Error);
  if (reason) expect(failed.message).toBe(reason);
  expect(failed.message).not.toMatch(/ABF7A|horse/i);
});

it('waits a second for it, and no longer', async () => {
  const breached = createBreached({ url: `${inject('storeUrl')}/broken/hang/` });
  const began = performance.now();
  await expect(breached('correct horse battery staple')).rejects.toThrow(/timeout/i);
  expect(performance.now() - began).toBeGreaterThan(900);
  expect(performance.now() - began).toBeLessThan(1900);
});

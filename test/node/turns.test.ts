import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { together } from '../../src/node/turns.ts';

/** Asks for a path, and tells when the answer leaves. */
function asking(fetch: (request: Request) => Response | Promise<Response>) {
  const left: string[] = [];
  const answer = together<undefined>(fetch);
  const ask = async (path: string) => {
    await answer(new Request(`http://localhost${path}`), undefined);
    left.push(path);
  };
  return { ask, left };
}

/** Everything that can be done without the event loop going round. */
async function restOfTurn() {
  for (let i = 0; i < 100; i += 1) await null;
}

describe('the answers of a server', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('leave together when they waited for nothing', async () => {
    const { ask, left } = asking(() => new Response('at once'));
    await nextTurn();
    const asked = [ask('/a'), ask('/b')];
    await restOfTurn();
    expect(left).toEqual([]);
    await Promise.all(asked);
    expect(left).toEqual(['/a', '/b']);
  });

  it('leave at once when they waited for something', async () => {
    const { ask, left } = asking(async () => {
      await nextTurn();
      return new Response('later');
    });
    await nextTurn();
    void ask('/a');
    await nextTurn();
    await restOfTurn();
    expect(left).toEqual(['/a']);
  });

  it('leave at once on a runtime that counts no turns', async () => {
    const fetch = () => new Response('at once');
    expect(together(fetch, null)).toBe(fetch);
    // As Bun and Deno have it.
    for (const nodeTiming of [{}, undefined]) {
      vi.spyOn(performance, 'nodeTiming', 'get').mockReturnValue(nodeTiming as never);
      expect(together(fetch)).toBe(fetch);
    }
  });

  it('are faults when they are', async () => {
    const { ask } = asking(() => Promise.reject(new Error('broken')));
    await expect(ask('/a')).rejects.toThrow('broken');
  });
});

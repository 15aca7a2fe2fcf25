import { describe, expect, it } from 'vitest';
import { withLastResort } from '../../src/node/last-resort.ts';
import { recordingLog } from '../support/logs.ts';

const request = () => new Request('http://localhost/auth/session');

describe('what is thrown outside of the application', () => {
  it.each([
    ['an error', () => Promise.reject(new TypeError('loopCount of undefined')), /TypeError: loopC/],
    [
      'an error before there is a promise',
      () => {
        throw new Error('at once');
      },
      /Error: at once/,
    ],
    ['a string', () => Promise.reject('a secret'), /string was thrown/],
  ])('is answered 500 and logged: %s', async (_, fetch, message) => {
    const logged: string[] = [];
    const answer = await withLastResort(fetch, recordingLog(logged, []))(request(), undefined);
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { code, requestId } = (await answer.json()) as { code: string; requestId: string };
    expect([code, requestId]).toEqual(['internal', answer.headers.get('x-request-id')]);
    expect(logged).toEqual([expect.stringMatching(message)]);
    expect(logged[0]).toContain(requestId);
    expect(logged[0]).not.toContain('a secret');
  });

  it('leaves other answers as they are', async () => {
    const answer = new Response('fine');
    const logged: string[] = [];
    const fetch = withLastResort(() => answer, recordingLog(logged, []));
    expect(await fetch(request(), undefined)).toBe(answer);
    expect(logged).toEqual([]);
  });
});

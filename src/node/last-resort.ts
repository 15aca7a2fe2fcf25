import { randomUUID } from 'node:crypto';
import { refusal } from '../errors.ts';
import { framesOf } from '../http/outcomes.ts';
import { problemDetails } from '../http/problem.ts';
import type { Log } from '../log.ts';
import { TEXTS } from '../texts/texts.ts';
import type { Fetch } from './turns.ts';

/**
 * Answers 500 and logs the error when `fetch` throws. The application answers its own errors, so
 * these come from what stands around it. `@hono/node-server` would send an empty 500 and log
 * nothing.
 */
export function withLastResort<E>(fetch: Fetch<E>, log: Log): Fetch<E> {
  return function lastResort(request, env) {
    try {
      const answer = fetch(request, env);
      return answer instanceof Promise
        ? answer.catch((thrown) => answerTo(request, thrown))
        : answer;
    } catch (thrown) {
      return answerTo(request, thrown);
    }
  };

  function answerTo(request: Request, thrown: unknown): Response {
    const error = thrown instanceof Error ? thrown : new Error(`${typeof thrown} was thrown`);
    const requestId = randomUUID();
    const fields = { requestId, method: request.method, error, stack: framesOf(error) };
    log.error('unexpected error outside of the application', fields);
    const problem = problemDetails(refusal('internal'), requestId, TEXTS.en);
    return new Response(JSON.stringify(problem), {
      status: 500,
      headers: {
        'Content-Type': 'application/problem+json',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'X-Request-Id': requestId,
      },
    });
  }
}

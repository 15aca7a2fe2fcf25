import type { MiddlewareHandler, Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refusal } from '../errors.ts';
import { brokeOff, MAX_BODY_BYTES } from './body.ts';
import type { AppContext, AppEnv } from './env.ts';
import { refuse } from './refusal.tsx';

/** Refuses a body that is too large before it is parsed, also one that comes in chunks. */
export function limitBody(): MiddlewareHandler<AppEnv> {
  const limited = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => refuse(c as AppContext, refusal('body_too_large')),
  });
  return function limitBody(c, next) {
    const { method } = c.req;
    // They carry none, and to look for it costs Node as much as the rest of the answer.
    return method === 'GET' || method === 'HEAD' ? next() : withinLimit(c, next);
  };

  async function withinLimit(c: AppContext, next: Next) {
    let fits = false;
    const refused = await limited(c, async () => {
      fits = true;
    }).catch(() => refuse(c, brokeOff()));
    return fits ? next() : refused;
  }
}

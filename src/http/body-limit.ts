import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refusal } from '../errors.ts';
import { MAX_BODY_BYTES } from './body.ts';
import type { AppContext, AppEnv } from './env.ts';
import { refuse } from './refuse.tsx';

/** Refuses a body that is too large before it is parsed, also one that comes in chunks. */
export function limitBody(): MiddlewareHandler<AppEnv> {
  return bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => refuse(c as AppContext, refusal('body_too_large')),
  });
}

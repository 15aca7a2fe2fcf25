import { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** The name changes with the text, so browsers may keep it for good. */
export function stylesheetRoute() {
  return new Hono<AppEnv>().get(STYLESHEET_PATH, (c) =>
    c.body(STYLESHEET, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    }),
  );
}

import type { Context } from 'hono';
import type { Caller } from '../caller.ts';
import { preferredLanguage } from '../texts/language.ts';
import type { AppContext, AppEnv } from './env.ts';

/** Tells where a request came from. */
export type CallerOf = <E extends AppEnv>(c: Context<E>) => Caller;

/** `clientAddress`: the peer's address as the platform knows it; null: it does not. */
export function createCallerOf(clientAddress: (c: AppContext) => string | null): CallerOf {
  return function callerOf(context) {
    const c = context as unknown as AppContext;
    return {
      ip: clientAddress(c),
      userAgent: c.req.header('user-agent')?.slice(0, 256) ?? null,
      requestId: c.get('requestId'),
      language: preferredLanguage(c.req.header('accept-language')),
    };
  };
}

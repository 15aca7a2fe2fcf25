import type { MiddlewareHandler } from 'hono';
import type { Result } from '../errors.ts';
import { bearerOf } from '../http/bearer.ts';
import { formFields, readBody } from '../http/body.ts';
import type { CallerOf } from '../http/caller.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { SIGNED_IN_AS } from '../http/form.ts';
import { FORM_TYPE, mediaType } from '../http/media-type.ts';
import { refuse } from '../http/refusal.tsx';
import { currentTokens, type TokenParts } from '../http/request-tokens.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { isSignedIn } from '../session/reader.ts';
import { ownerOf } from '../session/token-choice.ts';
import type { LoggedIn } from './login.ts';
import type { Repetitions } from './repetition.ts';
import { startSession } from './sign-in-answer.ts';

export interface RepeatedFormParts extends TokenParts {
  repetitions: Pick<Repetitions, 'renewed'>;
  cookie: SessionCookie;
  deviceCookie: SessionCookie;
  callerOf: CallerOf;
}

/**
 * For a form that gives the session a new token: when it is sent twice, the token of the second
 * request is dead, and the browser may have dropped the answer to the first with the new one. The
 * password in `field` signs it in again. In front of the guard, which would send it to sign in.
 */
export function repeatedForm(field: string, parts: RepeatedFormParts): MiddlewareHandler<AppEnv> {
  return async function repeatedForm(c, next) {
    if (isSignedIn(c.get('live'))) return next();
    const result = await again(c);
    if (result && !result.ok) return refuse(c, result);
    if (result) {
      startSession(c, result, parts);
      c.set('signedInAgain', true);
    }
    await next();
  };

  /** Returns null if the form is no repetition. */
  async function again(c: AppContext): Promise<Result<LoggedIn> | null> {
    const tokens = bearerOf(c) === null ? currentTokens(c, parts) : [];
    const owner = ownerOf(tokens);
    if (owner === null || mediaType(c) !== FORM_TYPE) return null;
    const body = await readBody(c);
    const sent = body.ok ? formFields(body.bytes) : body;
    if (!sent.ok) return null;
    const { [field]: password, [SIGNED_IN_AS]: drawnFor = owner } = sent.fields;
    if (password === undefined || drawnFor !== owner) return null;
    const device = parts.deviceCookie.read(c.req.header('cookie'));
    return parts.repetitions.renewed(owner, tokens, { password, by: parts.callerOf(c), device });
  }
}

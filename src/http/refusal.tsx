import type { Context, TypedResponse } from 'hono';
import type { Refusal } from '../errors.ts';
import type { Texts } from '../texts/texts.ts';
import { show } from '../ui/form-page.ts';
import { RefusalPage } from '../ui/refusal-page.tsx';
import { bearerOf } from './bearer.ts';
import type { AppContext, AppEnv } from './env.ts';
import { FORM_TYPE, mediaType } from './media-type.ts';
import { type Problem, problemDetails, type Status, statusOf } from './problem.ts';
import { sayLanguage, textsOf } from './texts.ts';

/**
 * Answers a refusal: a form gets its page again with what was typed, a person who follows a link
 * gets a page, everybody else gets problem details.
 */
export function refuse<E extends AppEnv>(
  context: Context<E>,
  refusal: Refusal,
  page?: OwnPage,
): Refused | Promise<Refused> {
  const c = context as unknown as AppContext;
  return answer(c, refusal, page) as Refused | Promise<Refused>;
}

/** What a page of its own says of a refusal, where the code's own sentences don't say enough. */
type OwnPage = (t: Texts) => { title: string; said: string };

/** As programs get it, for typed clients. */
export type Refused = Response & TypedResponse<Problem, Status, 'json'>;

function answer(c: AppContext, refusal: Refusal, page?: OwnPage): Response | Promise<Response> {
  const status = statusOf(refusal);
  // What a handler had answered before must not shine through, but for the session's cookie: a token
  // that was replaced works no more, whatever failed after that.
  if (c.finalized) {
    c.header('Location', undefined);
    c.header('Set-Cookie', c.get('sessionCookie'));
  }
  c.header('Cache-Control', 'no-store');
  if (refusal.retryAfter !== undefined) c.header('Retry-After', String(refusal.retryAfter));
  if (status === 401) c.header('WWW-Authenticate', challenge(c, refusal));

  const form = c.get('form');
  const t = textsOf(c);
  if (form || wantsPage(c, status)) {
    c.status(status);
    if (form) return show(c, form.page, { t, values: form.values, refusal });
    const { title, said } = page?.(t) ?? { title: t.refusalTitle(refusal) };
    const signedOut = refusal.code === 'not_signed_in';
    const content = <RefusalPage t={t} refusal={refusal} said={said} />;
    return c.render(content, { title, problem: true, signedOut });
  }
  c.header('Content-Type', 'application/problem+json');
  sayLanguage(c, t);
  return c.body(JSON.stringify(problemDetails(refusal, c.get('requestId'), t)), status);
}

/**
 * What a 401 has to say of how to sign in (RFC 9110 section 11.6.1). Browsers open no dialog for
 * `Bearer`. A program whose token does not work, or no more, is told so (RFC 6750 section 3.1).
 */
const challenge = (c: AppContext, { code }: Refusal) =>
  code === 'not_signed_in' && bearerOf(c) !== null ? 'Bearer error="invalid_token"' : 'Bearer';

function wantsPage(c: AppContext, status: Status): boolean {
  if (mediaType(c) === FORM_TYPE) return true;
  if (!(c.req.header('accept') ?? '').includes('text/html')) return false;
  if (!/^\/(auth|admin|health|ready)(\/|$)/.test(c.req.path)) return true;
  // Somebody who reloads what a form was sent to sees no JSON.
  return status === 405 && c.req.header('sec-fetch-mode') === 'navigate';
}

import type { Hono } from 'hono';
import { type ClientRequestOptions, hc } from 'hono/client';
import type { Endpoint, ExtractSchema } from 'hono/types';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppType } from './app.ts';
import { sayingWhom } from './client-user.ts';
import type { Problem, Status } from './http/problem.ts';

export type { FieldError, RefusalCode } from './errors.ts';
export type { Problem } from './http/problem.ts';

/**
 * The JSON API with its types, for frontends and programs in TypeScript: `res.ok` tells an answer
 * from a `Problem`. The browser's cookie goes along, also to a `baseUrl` on another origin (which
 * has to name the page's in `TRUSTED_ORIGINS`). Once an answer has said who is signed in, requests
 * that change something are meant for that user: when another one has signed in since, for example
 * in another tab, the answer is 409 `conflict`. `options` are those of Hono's client, such as
 * `headers` with a bearer token, or a `fetch` of one's own.
 *
 * @example
 * const api = createClient('https://auth.example.com');
 * const res = await api.auth.login.$post({ json: { email, password } });
 * if (res.ok) greet((await res.json()).user);
 */
export const createClient = (baseUrl: string, options: ClientRequestOptions = {}) =>
  hc<Api>(baseUrl, {
    ...options,
    // Asked for at each request: a page may replace the global one later.
    fetch: sayingWhom((address, init) => (options.fetch ?? fetch)(address as string, init)),
    init: { credentials: 'include', ...options.init },
  });

/** What programs use of the app; pages and their forms are for browsers. */
type Api = Hono<object, ApiRoutes<ExtractSchema<AppType>>, '/'>;

type ApiPath = `/auth/${string}` | `/admin/${string}` | '/health' | '/ready';

type ApiRoutes<S> = {
  [Path in keyof S & ApiPath]: { [Method in keyof S[Path]]: Answers<S[Path][Method]> };
};

/** Every route may refuse, also before its handler; redirects are answers to forms. */
type Answers<E> = E extends Endpoint ? Done<E> | Answer<E, Problem, Status, 'json'> : never;

type Done<E extends Endpoint> = E['outputFormat'] extends 'redirect'
  ? never
  : ContentfulStatusCode extends E['status']
    ? Answer<E, E['output'], 200, E['outputFormat']>
    : E;

type Answer<E extends Endpoint, Output, Code, Format> = {
  input: E['input'];
  output: Output;
  outputFormat: Format;
  status: Code;
};

import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { Config } from '../config.ts';
import { refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { problemDetails } from '../http/problem.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { TEXTS } from '../texts/texts.ts';
import { asset, assetRoutes } from '../ui/assets.ts';
import type { ProblemOf } from './problems.ts';
import { TRY_SCRIPT } from './script.ts';
import { DOCS_STYLES } from './stylesheet.ts';

export interface OpenApiParts {
  config: Pick<Config, 'appName' | 'baseUrl' | 'registration' | 'passwordMinLength'>;
  cookie: Pick<SessionCookie, 'name'>;
  /** The Content-Security-Policy of all pages. */
  policy: string;
}

/** A request id as the examples of problems show it. */
const REQUEST_ID = '7f9c24e8-3b12-4c5a-9d7e-0a1b2c3d4e5f';

const problemOf: ProblemOf = (code, more) =>
  problemDetails(refusal(code, more), REQUEST_ID, TEXTS.en);

/** The same for everybody, but another one when the settings are. */
const SHORTLY = { 'Cache-Control': 'public, max-age=300' };

/** `/openapi.json`, and `/docs` to read and try it. Made when somebody asks for the first time. */
export function openApiRoutes({ config, cookie, policy }: OpenApiParts) {
  const assets = {
    script: asset('js', 'text/javascript; charset=utf-8', TRY_SCRIPT),
    stylesheet: asset('css', 'text/css; charset=utf-8', DOCS_STYLES),
  };
  let made: Awaited<ReturnType<typeof make>> | undefined;
  async function make() {
    // A process that nobody asks for them starts without them.
    const [{ openApiDocument }, { formsOf }, { docsPage }] = await Promise.all([
      import('./document.ts'),
      import('./forms.ts'),
      import('./page.tsx'),
    ]);
    const document = openApiDocument({ ...config, cookieName: cookie.name, problemOf });
    const page = docsPage(document, { forms: formsOf(config.registration), files: assets });
    return { json: JSON.stringify(document), page: raw(page.toString()) };
  }
  async function told() {
    made ??= await make();
    return made;
  }

  return new Hono<AppEnv>()
    .get('/openapi.json', async (c) => {
      const { json } = await told();
      return c.body(json, 200, { 'Content-Type': 'application/json', ...SHORTLY });
    })
    .get('/docs', async (c) => {
      const { page } = await told();
      c.header('Cache-Control', SHORTLY['Cache-Control']);
      // This page asks this server, which no other does.
      c.header('Content-Security-Policy', `${policy}; connect-src 'self'`);
      return c.render(page, { title: 'API', wide: true });
    })
    .route('/', assetRoutes(assets));
}

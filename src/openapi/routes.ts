import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { Config } from '../config.ts';
import { type RefusalCode, refusal } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import { statusOf } from '../http/problem.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { asset, assetRoutes } from '../ui/assets.ts';
import { TRY_SCRIPT } from './script.ts';
import { DOCS_STYLES } from './stylesheet.ts';

export interface OpenApiParts {
  config: Pick<Config, 'appName' | 'baseUrl' | 'registration' | 'passwordMinLength'>;
  cookie: Pick<SessionCookie, 'name'>;
  /** The Content-Security-Policy of all pages. */
  policy: string;
}

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
    const [{ openApiDocument }, { docsPage }] = await Promise.all([
      import('./document.ts'),
      import('./page.tsx'),
    ]);
    const cookieName = cookie.name;
    const statusOfCode = (code: RefusalCode) => statusOf(refusal(code));
    const document = openApiDocument({ ...config, cookieName, statusOf: statusOfCode });
    return { json: JSON.stringify(document), page: raw(docsPage(document, assets).toString()) };
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

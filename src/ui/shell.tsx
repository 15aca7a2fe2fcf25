import type { MiddlewareHandler } from 'hono';
import { jsxRenderer } from 'hono/jsx-renderer';
import { STYLESHEET_PATH } from './stylesheet.ts';

declare module 'hono' {
  interface ContextRenderer {
    // biome-ignore lint/style/useShorthandFunctionType: Hono asks for an interface to extend
    (content: string | Promise<string>, props: { title: string }): Response | Promise<Response>;
  }
}

/** What every page stands in; `c.render(content, { title })` draws one. */
export function pageShell(appName: string): MiddlewareHandler {
  return jsxRenderer(({ children, title }) => (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${appName}`}</title>
        <link rel="stylesheet" href={STYLESHEET_PATH} />
      </head>
      <body>
        <header>
          <a href="/">{appName}</a>
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  ));
}

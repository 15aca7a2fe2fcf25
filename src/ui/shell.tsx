import type { MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { type LookConfig, ownFilesOnly } from '../config-look.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { sayLanguage, textsOf } from '../http/texts.ts';
import type { Assets } from './assets.ts';
import { Mark } from './mark.tsx';
import { Viewer } from './viewer.tsx';

interface PageProps {
  title: string;
  /** More than one column of fields stands on it. */
  wide?: boolean | undefined;
  /** It says why something was refused. */
  problem?: boolean;
  /** Whoever was signed in is not any more. */
  signedOut?: boolean;
}

declare module 'hono' {
  interface ContextRenderer {
    // biome-ignore lint/style/useShorthandFunctionType: Hono asks for an interface to extend
    (content: string | Promise<string>, props: PageProps): Response | Promise<Response>;
  }
}

export interface ShellParts {
  appName: string;
  look: LookConfig;
  assets: Assets;
  /** Where the name of the service leads. */
  home: string;
}

/** What every page stands in; `c.render(content, { title })` draws one. */
export function pageShell(parts: ShellParts): MiddlewareHandler<AppEnv> {
  return function pageShell(c, next) {
    c.setRenderer(async (content, props) => {
      // Drawn first: what a page is made of may still fail.
      const page = (
        <Shell c={c} parts={parts} {...props}>
          {await content}
        </Shell>
      );
      sayLanguage(c, textsOf(c));
      return c.html(html`<!DOCTYPE html>${page}`);
    });
    return next();
  };
}

function Shell(props: PageProps & { c: AppContext; parts: ShellParts; children?: Child }) {
  const { c, parts, title, wide, problem, signedOut, children } = props;
  const { appName, assets, home } = parts;
  const look = c.get('ownFilesOnly') ? ownFilesOnly(parts.look) : parts.look;
  const t = textsOf(c);
  // Not there on pages that stand before the session middleware.
  const user = signedOut ? undefined : c.get('live')?.user;
  return (
    <html lang={t.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${problem ? `${t.error}: ` : ''}${title} · ${appName}`}</title>
        <link rel="icon" href={look.logo ?? assets.icon.path} />
        <link rel="stylesheet" href={assets.stylesheet.path} />
        {look.stylesheet && <link rel="stylesheet" href={look.stylesheet} />}
        <script src={assets.script.path} defer />
      </head>
      <body>
        <header class="top">
          <a class="brand" href={home}>
            {look.logo ? <img src={look.logo} alt={appName} /> : <Mark />}
            {look.logo ? null : appName}
          </a>
          {user && <Viewer t={t} user={user} />}
        </header>
        <main class={wide ? 'wide' : undefined}>
          <div class="sheet">
            <h1>{title}</h1>
            {children}
          </div>
        </main>
      </body>
    </html>
  );
}

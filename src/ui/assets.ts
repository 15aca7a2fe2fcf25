import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { LookConfig } from '../config-look.ts';
import type { AppEnv } from '../http/env.ts';
import { icon } from './mark.tsx';
import { SCRIPT } from './script.ts';
import { stylesheet } from './stylesheet.ts';

/** A file that pages load. Its name changes with its content, so browsers may keep it for good. */
interface Asset {
  path: string;
  type: string;
  content: string;
}

export interface Assets {
  stylesheet: Asset;
  script: Asset;
  icon: Asset;
}

export function createAssets({ color }: Pick<LookConfig, 'color'>): Assets {
  return {
    stylesheet: asset('css', 'text/css; charset=utf-8', stylesheet(color)),
    script: asset('js', 'text/javascript; charset=utf-8', SCRIPT),
    icon: asset('svg', 'image/svg+xml', icon(color)),
  };
}

export function asset(extension: string, type: string, content: string): Asset {
  const version = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/gatehouse-${version}.${extension}`, type, content };
}

export function assetRoutes(assets: Assets | Record<string, Asset>) {
  const app = new Hono<AppEnv>();
  for (const { path, type, content } of Object.values<Asset>({ ...assets })) {
    const headers = {
      'Content-Type': type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    };
    app.get(path, (c) => c.body(content, 200, headers));
  }
  return app;
}

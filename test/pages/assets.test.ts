import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { page } from '../support/pages.ts';

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const filesOf = (text: string) =>
  [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);

describe('the files of the pages', () => {
  it.each(Object.entries(TYPES))('are served to be kept for good: %s', async (extension, type) => {
    const client = (await createTestApp()).client();
    const path = filesOf(await page(client, '/login')).find((p) => p.endsWith(`.${extension}`));
    expect(path).toMatch(/^\/assets\/gatehouse-[0-9a-f]{12}\./);
    const { status, headers } = await client.get(path ?? '');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('change their names with what is in them', async () => {
    const own = await createTestApp();
    const other = await createTestApp({ env: { APP_COLOR: '#123456' } });
    const [icon, css, js] = filesOf(await page(own.client(), '/'));
    const changed = filesOf(await page(other.client(), '/'));
    expect([changed.length, changed[2]]).toEqual([3, js]);
    expect(changed[0]).not.toBe(icon);
    expect(changed[1]).not.toBe(css);
    expect((await own.client().get(changed[1] ?? '')).status).toBe(404);
  });

  it('have a script that needs no leave to make code or markup of text', async () => {
    const client = (await createTestApp()).client();
    const path = filesOf(await page(client, '/')).find((p) => p.endsWith('.js')) ?? '';
    const { text } = await client.get(path);
    expect(text).not.toMatch(/eval|Function\(|innerHTML|outerHTML|insertAdjacent|document\.write/);
  });
});

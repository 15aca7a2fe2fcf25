import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { operationsOf, served } from '../support/openapi.ts';
import { costOf, NO_COST, TRUSTED } from '../support/requests.ts';

const SCRIPTS = /<script src="(\/assets\/[^"]+)" defer="">/g;
const STYLES = /<link rel="stylesheet" href="(\/assets\/[^"]+)"/g;

async function docs(env: Record<string, string> = {}) {
  const { app, document } = await served({ env });
  const answer = await app.client().get('/docs');
  return { app, document, ...answer };
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, one]) => one);

describe('GET /docs', () => {
  it('is a page for everybody that touches nothing', async () => {
    const app = await createTestApp({ store: 'rest' });
    const cost = await costOf(app, async () => {
      const { status, headers, text, cookies } = await app.client().get('/docs');
      expect([status, cookies]).toEqual([200, []]);
      expect(headers.get('cache-control')).toBe('public, max-age=300');
      expect(text).toMatch(/^<!DOCTYPE html><html lang="en">.*<h1>API<\/h1>.*<\/html>$/s);
    });
    expect(cost).toEqual(NO_COST);
  });

  it('tells of every operation in its group, without a script', async () => {
    const { document, text } = await docs();
    const groups = text.split('<h2>').slice(1);
    const titles = [...document.tags.map(({ name }: { name: string }) => name), 'Objects'];
    expect(groups.map((group) => group.slice(0, group.indexOf('<')))).toEqual(titles);
    for (const [route, { operationId, summary, tags }] of Object.entries(operationsOf(document))) {
      const heading = `<summary><code>${route}</code> ${summary}</summary>`;
      expect(groups[titles.indexOf(tags[0])]).toContain(`<details id="${operationId}">${heading}`);
    }
    expect(text).toContain('{ email?: string, username?: string, password: string');
    expect(text).toContain('invalid_credentials');
    expect(text).toContain('href="/openapi.json"');
  });

  it('says that it is English, whatever the page around it speaks', async () => {
    const { app } = await docs();
    const { text } = await app.client().get('/docs', { headers: { 'accept-language': 'de' } });
    expect(text).toMatch(/<html lang="de">.*<div lang="en" class="api">/s);
  });

  it('offers nothing to send until its script says so, and labels every field', async () => {
    const { document, text } = await docs();
    const forms = all(text, /<form( data-method[^>]*)>/g);
    expect(forms).toHaveLength(Object.keys(operationsOf(document)).length);
    for (const form of forms) expect(form).toMatch(/ hidden=""$/);
    const fields = text.match(/<(input|textarea)\b/g) ?? [];
    expect(fields.length).toBeGreaterThan(20);
    expect(text.match(/<label>[\w ]+<(input|textarea)\b/g)).toHaveLength(fields.length);
    expect(new Set(all(text, / id="([^"]+)"/g)).size).toBe(all(text, / id="/g).length);
    expect(text).toContain('data-method="DELETE" data-path="/auth/sessions/{id}"');
  });

  it('has its own script and style as files that may be kept for good', async () => {
    const { app, text } = await docs();
    const files = [...all(text, SCRIPTS), ...all(text, STYLES)];
    expect([files.length, new Set(files).size]).toEqual([4, 4]);
    for (const file of files) {
      const { status, headers } = await app.client().get(file ?? '');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
    expect(text).not.toMatch(/<script(?! src="\/assets\/)|<style| style=| on[a-z]+="/);
  });

  it('alone may ask this server, and nobody else', async () => {
    const { app, headers } = await docs({ TRUSTED_ORIGINS: TRUSTED });
    const others = (await app.client().get('/login')).headers.get('content-security-policy') ?? '';
    expect(headers.get('content-security-policy')).toBe(`${others}; connect-src 'self'`);
    for (const path of ['/', '/openapi.json', '/docs/more']) {
      const policy = (await app.client().get(path)).headers.get('content-security-policy');
      expect(policy, path).toBe(others);
    }
  });
});

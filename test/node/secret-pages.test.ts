import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { resetSecret, secretTo } from '../support/mail.ts';

const FOREIGN = {
  APP_LOGO_URL: 'https://cdn.example.com/logo.svg',
  APP_STYLESHEET: 'https://cdn.example.com/pages.css',
};
const OWN = { APP_LOGO_URL: '/brand/logo.svg', APP_STYLESHEET: '/brand/pages.css' };

/** The pages on which the secret of a link stands, and those of links that do not work. */
async function secretPages(env: Record<string, string>): Promise<[string, Answer][]> {
  const app = await createTestApp({ env });
  await app.registered();
  const [reset, verification] = [await resetSecret(app), await secretTo(app, 'verification')];
  const client = app.client();
  const pages: [string, Answer][] = [];
  for (const path of [
    `/reset?token=${reset}`,
    '/reset?token=unknown',
    `/verify?token=${verification}`,
    `/verify?change&token=${verification}`,
  ]) {
    pages.push([path, await client.get(path)]);
  }
  const weak = { form: { token: reset, password: 'short' } };
  for (const [path, sent] of [
    ['/auth/password/reset', weak],
    ['/auth/email/verify', { form: { token: 'unknown' } }],
    ['/verify/disown', { form: { token: 'unknown' } }],
  ] as const) {
    pages.push([path, await client.post(path, sent)]);
  }
  return pages;
}

describe('a page that holds the secret of a link', () => {
  it('loads no file of another host, and its policy names none', async () => {
    for (const [path, { text, headers }] of await secretPages(FOREIGN)) {
      expect(text, path).toContain('<main');
      expect(text, path).not.toContain('cdn.example.com');
      const policy = headers.get('content-security-policy');
      expect(policy, path).toContain("style-src 'self'; img-src 'self'; ");
    }
  });

  it('takes a logo and a stylesheet of its own site', async () => {
    for (const [path, { text }] of await secretPages(OWN)) {
      expect(text, path).toContain('/brand/logo.svg');
      expect(text, path).toContain('/brand/pages.css');
    }
  });
});

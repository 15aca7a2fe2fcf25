import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { createTestApp } from '../support/app.ts';
import { page } from '../support/pages.ts';
import { refusalOf } from '../support/settings.ts';

const LOGO = 'https://cdn.example.com/brand/logo;v=1,2.svg?width=200';
const SHEET = 'https://cdn.example.com/brand/pages.css';

async function policyOf(env: Record<string, string>) {
  const { headers } = await (await createTestApp({ env })).client().get('/login');
  const policy = headers.get('content-security-policy') ?? '';
  const directive = (name: string) => new RegExp(`${name} ([^;]*)`).exec(policy)?.[1]?.trim();
  return [directive('img-src'), directive('style-src'), directive('script-src')];
}

describe('the look of the pages', () => {
  it('takes a logo and a stylesheet after ours, and the policy names exactly those', async () => {
    const env = { APP_NAME: 'Acme', APP_LOGO_URL: LOGO, APP_STYLESHEET: SHEET };
    const text = await page((await createTestApp({ env })).client(), '/login');
    expect(text).toContain(`<img src="${LOGO}" alt="Acme"/>`);
    expect(text.indexOf(`<link rel="stylesheet" href="${SHEET}"/>`)).toBeGreaterThan(
      text.indexOf('<link rel="stylesheet" href="/assets/'),
    );
    expect(await policyOf(env)).toEqual([
      "'self' https://cdn.example.com/brand/logo%3Bv=1%2C2.svg",
      `'self' ${SHEET}`,
      "'self'",
    ]);
  });

  it('needs nothing in the policy for files of its own site', async () => {
    const env = { APP_LOGO_URL: '/brand/logo.svg', APP_STYLESHEET: '/brand/pages.css?v=2' };
    const text = await page((await createTestApp({ env })).client(), '/login');
    expect(text).toContain('<img src="/brand/logo.svg" alt="Gatehouse"/>');
    expect(text).toContain('<link rel="stylesheet" href="/brand/pages.css?v=2"/>');
    expect(await policyOf(env)).toEqual(["'self'", "'self'", "'self'"]);
  });

  it.each(['APP_LOGO_URL', 'APP_STYLESHEET'])('stops the start with a wrong %s', (name) => {
    for (const value of [
      'http://cdn.example.com/logo.svg',
      'https://user:secret@cdn.example.com/logo.svg',
      'https://cdn.example.com/',
      'https://cdn.example.com',
      '//cdn.example.com/logo.svg',
      '/\\cdn.example.com/logo.svg',
      'logo.svg',
      'data:image/svg+xml,x',
      'javascript:alert(1)',
      '/',
    ]) {
      const line = refusalOf(() => parseConfig({ [name]: value }, 'node'));
      expect(line, value).toMatch(new RegExp(`^${name}: is neither the https:// address`));
      expect(line).not.toContain('secret');
    }
  });

  it.each(['red', '#abc', '2c6152', '#2c61522', '#2c615g'])('takes no colour %s', (value) => {
    const line = refusalOf(() => parseConfig({ APP_COLOR: value }, 'node'));
    expect(line).toBe(`APP_COLOR: "${value}" is not a colour such as #2c6152`);
  });
});

describe('the colours of the pages', () => {
  it.each(['#2C6152', '#000000', '#ffffff', '#ffd400', '#808080', '#757575', '#ff0000', '#0000ff'])(
    'can be read on light and dark, whatever APP_COLOR is: %s',
    async (color) => {
      const client = (await createTestApp({ env: { APP_COLOR: color } })).client();
      const [, href = ''] = /stylesheet" href="([^"]+)"/.exec(await page(client, '/login')) ?? [];
      const { text } = await client.get(href);
      const [light, dark] = text.split('prefers-color-scheme: dark').map(variablesOf);
      expect(light?.fill).toBe(color.toLowerCase());
      for (const { paper, card, ink, faint, accent, wrong, wash, fill, rim, ...more } of [
        light,
        dark,
      ] as Record<string, string>[]) {
        for (const ground of [paper, card]) {
          for (const text of [ink, faint, accent, wrong]) {
            expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
          }
          expect(contrast(rim, ground)).toBeGreaterThanOrEqual(3);
          expect(contrast(more.edge, ground)).toBeGreaterThanOrEqual(3);
        }
        expect(contrast(ink, wash)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(more['on-fill'], fill)).toBeGreaterThanOrEqual(4.5);
      }
    },
  );
});

/** The first value of each variable in a part of a stylesheet. */
function variablesOf(css: string): Record<string, string> {
  const found = [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].reverse();
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

/** WCAG 2.2, contrast ratio. */
function contrast(one = '', other = ''): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return r * 0.2126 + g * 0.7152 + b * 0.0722;
}

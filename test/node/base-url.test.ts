import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { refusalOf } from '../support/settings.ts';

const parse = (env: Record<string, string>) => parseConfig(env, 'node');
const problem = (env: Record<string, string>) => refusalOf(() => parse(env));

describe('BASE_URL', () => {
  it.each([
    ['https://example.com', 'https://example.com', true],
    ['https://EXAMPLE.com:443/', 'https://example.com', true],
    ['https://example.com:8443', 'https://example.com:8443', true],
    ['https://192.0.2.1', 'https://192.0.2.1', true],
    ['https://localhost', 'https://localhost', true],
    ['http://localhost', 'http://localhost', false],
    ['http://app.localhost:3000', 'http://app.localhost:3000', false],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000', false],
    ['http://127.1.2.3', 'http://127.1.2.3', false],
    ['http://[::1]:3000', 'http://[::1]:3000', false],
  ])('may be %s', (given, baseUrl, secure) => {
    expect(parse({ BASE_URL: given })).toMatchObject({ baseUrl, secure });
  });

  it.each([
    'http://example.com',
    'http://localhost.example.com',
    'http://xlocalhost',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:10.0.0.1]',
  ])('may be %s only with ALLOW_INSECURE=true', (given) => {
    expect(problem({ BASE_URL: given })).toMatch(/^BASE_URL: .+ALLOW_INSECURE=true$/);
    expect(problem({ BASE_URL: given, ALLOW_INSECURE: 'false' })).toMatch(/^BASE_URL: /);
    expect(parse({ BASE_URL: given, ALLOW_INSECURE: 'true' }).secure).toBe(false);
  });

  it.each([
    ...['example.com', 'localhost:3000', '//example.com', 'ftp://example.com', 'https://'],
    ...['https:example.com', 'https:/example.com', 'javascript:alert(1)', 'null', '*'],
    ...['https://example.com/app', 'https://example.com//', 'https://example.com/?', 'https://a b'],
    ...['https://example.com?q', 'https://example.com#f', 'https://example.com\\app'],
    ...['https://me:hunter2@example.com', 'https://me@example.com', 'https://example.com:99999'],
  ])('can not be %s', (given) => {
    const message = problem({ BASE_URL: given, ALLOW_INSECURE: 'true' });
    expect(message).toMatch(/^BASE_URL: .{10,150}$/);
    expect(message).not.toContain('hunter2');
  });
});

describe('COOKIE_DOMAIN', () => {
  const BASE_URL = 'https://auth.example.com';

  it.each([
    ['example.com', 'example.com'],
    ['.Example.COM', 'example.com'],
    ['auth.example.com', 'auth.example.com'],
  ])('may be %s', (given, cookieDomain) => {
    expect(parse({ BASE_URL, COOKIE_DOMAIN: given })).toMatchObject({ cookieDomain });
  });

  it.each([
    ...['com', '.com', 'other.example', 'xample.com', 'api.auth.example.com', '*.example.com'],
    ...['https://example.com', 'example.com/', 'example.com:443', 'example.com; Secure', '.'],
    ...['a.example.com,example.com', 'example.com.'],
  ])('can not be %s', (given) => {
    expect(problem({ BASE_URL, COOKIE_DOMAIN: given })).toMatch(/^COOKIE_DOMAIN: .{10,150}$/);
  });

  it('can not be an address or a host without parents', () => {
    const on = (url: string, domain: string) =>
      problem({ BASE_URL: url, COOKIE_DOMAIN: domain, ALLOW_INSECURE: 'true' });
    expect(on('http://localhost', 'localhost')).toMatch(/^COOKIE_DOMAIN: /);
    expect(on('http://192.0.2.1', '192.0.2.1')).toMatch(/^COOKIE_DOMAIN: /);
    expect(on('http://192.0.2.1', '2.1')).toMatch(/^COOKIE_DOMAIN: /);
  });
});

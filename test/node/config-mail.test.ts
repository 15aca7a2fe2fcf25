import { describe, expect, it } from 'vitest';
import { parseMail } from '../../src/config-mail.ts';
import { plainMail } from '../../src/node/mail.ts';
import { type Platform, Settings } from '../../src/settings.ts';
import { refusalOf } from '../support/settings.ts';

type Env = Record<string, string>;

const LOCAL = 'http://localhost:3000';
const PUBLIC = 'https://auth.example.com';

const parse = (env: Env, baseUrl = PUBLIC, platform: Platform = 'node') =>
  parseMail(new Settings(env), platform, { baseUrl });

/** The one line that says what is wrong, and shows no secret. */
function problem(env: Env, baseUrl = PUBLIC, platform: Platform = 'node'): string {
  const message = refusalOf(() => parse(env, baseUrl, platform));
  expect(message).toMatch(/^.{10,150}$/);
  expect(message).not.toContain('hunter2');
  return message;
}

const NO_REPLY = { name: '', address: 'no-reply@auth.example.com' };

describe('MAIL_URL', () => {
  it('is the outbox where nothing else is said', () => {
    const from = { name: '', address: 'gatehouse@localhost' };
    expect(parse({}, LOCAL)).toEqual({ kind: 'outbox', from });
    expect(parse({ MAIL_URL: 'outbox:' }, LOCAL)).toEqual({ kind: 'outbox', from });
    expect(parse({}, 'http://[::1]:3000')).toEqual({ kind: 'outbox', from });
    expect(parse({}, PUBLIC)).toEqual({ kind: 'outbox', from: NO_REPLY });
  });

  it.each([
    'smtp://mail.example.com',
    'smtp://localhost:1025',
    'smtp://[::1]:1025',
    'SMTP://me:hunter2@mail.example.com:587',
    'smtps://me%40example.com:hunter2%2F@mail.example.com',
  ])('may be %s', (url) => {
    const peer = { url, helo: 'auth.example.com', plain: false };
    expect(parse({ MAIL_URL: ` ${url} ` })).toEqual({ kind: 'smtp', ...peer, from: NO_REPLY });
  });

  it.each([
    'smtp://relay.internal:25',
    'smtp://relay.example.com',
    'smtp://me:hunter2@10.0.0.7:2525',
    'smtp://[fd00::1]',
  ])('may be %s without TLS', (url) => {
    const mail = parse({ MAIL_URL: `${url}?tls=off` });
    expect(mail).toMatchObject({ url, plain: true });
    expect(plainMail({ mail })).toContain(`mail goes to ${new URL(url).hostname} in plain text`);
  });

  it.each([
    ['smtp://me:hunter2@203.0.113.7?tls=off', 'this is a public address'],
    ['smtp://[2001:db8::1]?tls=off', 'this is a public address'],
    ['smtps://relay.internal?tls=off', 'smtps:// is TLS'],
    ['smtp://relay.internal?tls=on', 'is none of'],
    ['smtp://relay.internal?tls=off&secure=false', 'is none of'],
  ])('can not be %s', (MAIL_URL, said) => {
    expect(problem({ MAIL_URL })).toContain(said);
  });

  it.each([
    [{}, PUBLIC, 'auth.example.com'],
    [{}, 'http://192.0.2.1', '[192.0.2.1]'],
    [{}, 'http://[2001:db8::1]:8080', '[IPv6:2001:db8::1]'],
    [{ MAIL_HELO: 'mx1.example.com' }, PUBLIC, 'mx1.example.com'],
    [{ MAIL_HELO: '[192.0.2.9]' }, PUBLIC, '[192.0.2.9]'],
  ])('greets with the host of BASE_URL or MAIL_HELO: %j at %s', (env, baseUrl, helo) => {
    const all = { MAIL_URL: 'smtp://localhost', MAIL_FROM: 'a@example.com', ...env };
    expect(parse(all, baseUrl)).toMatchObject({ helo });
  });

  it.each(['two words', 'a\r\nMAIL FROM:<e@x.y>', '203.0.113.7:25', 'a..b'])(
    'does not greet with %j',
    (MAIL_HELO) => {
      expect(problem({ MAIL_URL: 'smtp://localhost', MAIL_HELO })).toMatch(
        /^MAIL_HELO: is neither/,
      );
    },
  );

  it.each(['node', 'workers'] as const)('may be resend:KEY on %s', (platform) => {
    const mail = { kind: 'resend', key: 're_hunter2', from: NO_REPLY };
    expect(parse({ MAIL_URL: 'resend:re_hunter2' }, PUBLIC, platform)).toEqual(mail);
  });

  it.each([
    ...['hunter2.example', 'mail.example.com:587', 'http://hunter2.example', 'smtp:hunter2'],
    ...['smtp://', 'smtp://:587', 'smtp://me:hunter2@', 'smtp://me@hunter2.example'],
    ...['smtp://:hunter2@mail.example.com', 'smtp://me:hunter2%@mail.example.com'],
    ...['smtp://me:hunter2%00@mail.example.com', 'smtp://me:hunter2@mail.example.com:0'],
    ...['smtp://mail.example.com:99999', 'smtp://mail.example.com/hunter2'],
    ...['smtps://hunter2.example?tls.rejectUnauthorized=false', 'smtp://hunter2.example#a'],
    ...['smtp://me:hun/ter2@mail.example.com', 'resend:', 'resend:hunter2 a', 'resend: hunter2'],
    ...['resend:hunter2\r\nX: a', 'outbox', 'outbox:/hunter2', 'outbox://hunter2'],
  ])('can not be %j', (MAIL_URL) => {
    expect(problem({ MAIL_URL })).toMatch(/^MAIL_URL: /);
    expect(problem({ MAIL_URL }, LOCAL)).toMatch(/^MAIL_URL: /);
  });
});

describe('on Workers, MAIL_URL', () => {
  it('is nothing where nothing is said, and then there is no mail', () => {
    expect(parse({}, PUBLIC, 'workers')).toEqual({ kind: 'none' });
  });

  it.each(['smtp://me:hunter2@mail.example.com', 'smtps://hunter2.example', 'outbox:'])(
    'can not be %s, and says what can',
    (MAIL_URL) => {
      const line = 'MAIL_URL: works on Node only; here use resend:KEY';
      expect(problem({ MAIL_URL }, PUBLIC, 'workers')).toBe(line);
    },
  );

  it('can not be what is nothing anywhere', () => {
    expect(problem({ MAIL_URL: 'hunter2' }, PUBLIC, 'workers')).toMatch(/^MAIL_URL: .*resend:KEY$/);
  });
});

describe('MAIL_FROM', () => {
  it.each([
    ['ada@example.com', '', 'ada@example.com'],
    ['<ada@example.com>', '', 'ada@example.com'],
    ['Ada <Ada@EXAMPLE.com>', 'Ada', 'ada@example.com'],
    ['Gate House  <ada@example.com>', 'Gate House', 'ada@example.com'],
    ['"Doe, Jane" <ada@example.com>', 'Doe, Jane', 'ada@example.com'],
    ['Größe <ada@bücher.example>', 'Größe', 'ada@xn--bcher-kva.example'],
    ['gatehouse@localhost', '', 'gatehouse@localhost'],
    ['Gatehouse <gatehouse@localhost>', 'Gatehouse', 'gatehouse@localhost'],
  ])('may be %s', (MAIL_FROM, name, address) => {
    const mail = { MAIL_FROM, MAIL_URL: 'smtp://localhost' };
    expect(parse(mail, LOCAL)).toMatchObject({ from: { name, address } });
    expect(parse({ MAIL_FROM })).toMatchObject({ kind: 'outbox', from: { name, address } });
  });

  it.each([
    ...['ada', '@example.com', 'ada@', 'ada@example', 'a b@example.com', 'Ada ada@example.com'],
    ...['a@example.com, b@example.com', 'a@example.com,b@example.com', 'A <a@example.com'],
    ...['A <a@example.com>, B <b@example.com>', 'A <a@example.com> B', 'A <<a@example.com>>'],
    ...['a@example.com, B <b@example.com>', 'Doe, Jane <a@example.com>', 'A" <a@example.com>'],
    ...['A\r\nBcc: eve@example.com <a@example.com>', 'A\nB <a@example.com>', 'A\0 <a@example.com>'],
    ...[
      '"A\r\nB" <a@example.com>',
      'a@example.com\r\nBcc: eve@example.com',
      'A\u2028 <a@b.example>',
    ],
    ...['a@localhost@localhost', 'a b@localhost', 'a@127.0.0.1', 'a@xlocalhost', 'Größe@b.example'],
  ])('can not be %j', (MAIL_FROM) => {
    const line = /^MAIL_FROM: is not one address such as /;
    expect(problem({ MAIL_FROM })).toMatch(line);
    expect(problem({ MAIL_FROM }, PUBLIC, 'workers')).toMatch(line);
  });

  it.each([
    LOCAL,
    'http://app.localhost',
    'https://127.0.0.1',
    'https://192.0.2.1',
    'https://host',
  ])('is required for mail that leaves %s', (baseUrl) => {
    for (const MAIL_URL of ['smtp://me:hunter2@mail.example.com', 'resend:hunter2']) {
      expect(problem({ MAIL_URL }, baseUrl)).toMatch(/^MAIL_FROM: is required/);
      const mail = { MAIL_URL, MAIL_FROM: 'a@example.com' };
      expect(parse(mail, baseUrl)).toMatchObject({ from: { address: 'a@example.com' } });
    }
    expect(parse({}, baseUrl)).toMatchObject({ from: { address: 'gatehouse@localhost' } });
  });
});

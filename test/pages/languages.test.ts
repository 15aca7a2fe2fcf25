import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/texts/language.ts';
import { lasting, moment } from '../../src/texts/times.ts';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { decoded, GERMAN, page } from '../support/pages.ts';
import { EMAIL } from '../support/requests.ts';

const heading = (text: string) => /<h1>(.*)<\/h1>/.exec(text)?.[1];

describe('a page', () => {
  it.each([
    [undefined, 'en', 'Sign in'],
    ['fr-FR, de;q=0.7, en;q=0.3', 'de', 'Anmelden'],
    ['en-US,en;q=0.9,de;q=0.8', 'en', 'Sign in'],
    ['fr', 'en', 'Sign in'],
  ])('speaks the language that the browser likes best: %s', async (accepted, lang, title) => {
    const headers: Record<string, string> = accepted ? { 'accept-language': accepted } : {};
    const answer = await (await createTestApp()).client().get('/login', { headers });
    expect(answer.text).toContain(`<html lang="${lang}">`);
    expect(answer.text).toContain(`<title>${title} · Gatehouse</title>`);
    expect(heading(answer.text)).toBe(title);
    expect(answer.headers.get('vary')).toMatch(/(^|, )Accept-Language(,|$)/);
  });

  it('says in German whatever a form is refused for, and the API says the same', async () => {
    const app = await createTestApp();
    await app.registered();
    const long = 'x'.repeat(300);
    for (const [path, json] of [
      ['/auth/register', { email: 'x', username: '!', name: 'a\tb', password: PASSWORD }],
      ['/auth/register', { email: 'a@b.example', name: 'n'.repeat(101), password: PASSWORD }],
      ['/auth/register', { email: 'b@b.example', password: 'short' }],
      ['/auth/register', { email: 'b@b.example', password: long }],
      ['/auth/register', { email: 'b@b.example', password: 'password1234' }],
      ['/auth/register', { email: 'longname@b.example', password: 'longnamelongname' }],
      ['/auth/register', { email: EMAIL, password: 'another horse battery staple' }],
      ['/auth/register', { role: 'admin' }],
      ['/auth/login', { email: EMAIL, password: 'wrong' }],
      ['/auth/password/forgot', { email: 'x' }],
      ['/auth/password/reset', { token: 'x', password: PASSWORD }],
      ['/auth/email/verify', { token: long }],
    ] as [string, Record<string, string>][]) {
      const { status, json: problem } = await app.client(GERMAN).post(path, { json });
      const english = (await app.client().post(path, { json })).json;
      const answer = await app.client(GERMAN).post(path, { form: json });
      expect([english.status, answer.status]).toEqual([status, status]);
      const shown = (problem.errors ?? [problem]).map(messageOf);
      expect(answer.text).toContain('<title>Fehler: ');
      for (const german of shown) expect(decoded(answer.text), path).toContain(german);
      for (const said of [english.detail, ...(english.errors ?? []).map(messageOf)]) {
        expect(said).toMatch(/^[A-Z].*\.$/);
        expect(decoded(answer.text), path).not.toContain(said);
        expect(JSON.stringify(problem), path).not.toContain(said);
      }
    }
  });

  it('says in German that there is nothing, and what went well', async () => {
    const app = await createTestApp();
    expect(heading(await page(app.client(), '/nowhere', GERMAN))).toBe('Nicht gefunden');
    const { client } = await app.registered();
    await client.post('/account/name', { form: { name: 'Ada' }, headers: GERMAN });
    expect(await page(client, '/account', GERMAN)).toContain('Gespeichert.');
  });

  it('leaves nothing in English on a German page', async () => {
    const app = await createTestApp();
    const { client } = await app.registered();
    const visitor = app.client();
    for (const [browser, path] of [
      [visitor, '/'],
      [visitor, '/login?reset'],
      [visitor, '/register'],
      [visitor, '/register?sent'],
      [visitor, '/logout'],
      [visitor, '/forgot'],
      [visitor, '/forgot?sent'],
      [visitor, '/reset'],
      [visitor, '/reset?token=x'],
      [visitor, '/verify?token=x'],
      [visitor, '/verify?done'],
      [visitor, '/verify?disowned'],
      [client, '/'],
      [client, '/account'],
      [client, '/account/sessions'],
    ] as [Client, string][]) {
      const words = wordsOf(await page(browser, path, GERMAN));
      expect(words, path).not.toMatch(/\b(the|you|your|is|of|and|not|sign|with|this|last)\b/i);
    }
  });
});

const messageOf = ({ message, detail }: Record<string, string>) => message ?? detail;

const wordsOf = (text: string) => text.replace(/<head>.*<\/head>|<[^>]*>/gs, ' ');

describe('a span of time', () => {
  it.each([
    [seconds(1), '1 minute', '1 Minute'],
    [minutes(59), '59 minutes', '59 Minuten'],
    [minutes(59) + 1, '1 hour', '1 Stunde'],
    [hours(23) + minutes(5), '23 hours 5 minutes', '23 Stunden 5 Minuten'],
    [days(1), '1 day', '1 Tag'],
    [days(13) + hours(23) + minutes(59), '13 days 23 hours', '13 Tage 23 Stunden'],
    [days(2) + minutes(5), '2 days', '2 Tage'],
    [-1, '1 minute', '1 Minute'],
  ])('is written out: %i ms', (span, en, de) => {
    expect([lasting('en', span), lasting('de', span)]).toEqual([en, de]);
  });
});

describe('a moment', () => {
  it('is written so that no day is read as a month, in UTC', () => {
    const at = Date.UTC(2026, 10, 2, 19, 4);
    const written: Record<Language, string> = {
      en: '2 Nov 2026, 19:04 UTC',
      de: '02.11.2026, 19:04 UTC',
    };
    for (const language of LANGUAGES) expect(moment(language, at)).toBe(written[language]);
  });
});

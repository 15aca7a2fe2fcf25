import { describe, expect } from 'vitest';
import { it, openPage } from './support/browser.ts';
import { field, follow, newPerson, press, somebody, titled, warned } from './support/people.ts';

describe('a browser that asks for German', () => {
  it('is answered in German, from the first page to the account', async () => {
    const person = newPerson();
    const page = await openPage({ locale: 'de-AT' });
    await page.goto('/');
    await titled(page, 'Willkommen');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await follow(page, 'Registrieren');
    await field(page, 'E-Mail-Adresse').fill(person.email);
    await field(page, 'Passwort').fill(person.password);
    await press(page, 'Zeigen: Passwort');
    await press(page, 'Registrieren');
    await titled(page, `Hallo, ${person.email}`);
    expect(await page.locator('time[data-left]').first().textContent()).toMatch(/Stunde|Minuten/);
    await follow(page, person.email);
    await titled(page, 'Ihr Konto');
    await press(page, 'Abmelden');
    await titled(page, 'Willkommen');
  });

  it('is refused in German too', async () => {
    const page = await openPage({ locale: 'de-AT' });
    await page.goto('/login');
    await field(page, 'E-Mail-Adresse oder Benutzername').fill('niemand@example.com');
    await field(page, 'Passwort').fill('nicht das Passwort');
    await press(page, 'Anmelden');
    await warned(page, 'Name und Passwort passen nicht zusammen.');
    expect(await page.title()).toBe('Fehler: Anmelden · Gatehouse');
  });

  it('does not change what others are answered', async () => {
    const { page } = await somebody({ locale: 'fr-FR' });
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});

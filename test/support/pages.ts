import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';

/** A text of a page as people read it. */
export function decoded(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  return text.replace(/&([a-z]+|#\d+);/g, (whole, name: string) => names[name] ?? whole);
}

export const GERMAN = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' };

/** What a browser shows for an address. */
export async function page(client: Client, path: string, headers = {}): Promise<string> {
  const { text, headers: answered } = await client.get(path, {
    headers: { accept: 'text/html', ...headers },
  });
  expect(answered.get('content-type'), path).toBe('text/html; charset=UTF-8');
  return decoded(text);
}

/** The links of the summary above a refused form: where they lead, and what they say. */
export function summaryOf({ text }: Answer): [string, string][] {
  const [, summary = ''] = /role="alert">(.*?)<\/div>/s.exec(decoded(text)) ?? [];
  const links = summary.matchAll(/<a href="#([^"]+)">([^<]*)<\/a>/g);
  return [...links].map(([, id = '', said = '']) => [id, said]);
}

/** The tag of the input with this id. */
export const inputOf = (text: string, id: string): string =>
  new RegExp(`<input[^>]* ?id="${id}"[^>]*>`).exec(text)?.[0] ?? '';

export interface DrawnForm {
  action: string;
  fields: Record<string, string>;
}

/** The forms of a page, with what they send unless somebody types. */
export function formsOf(text: string): DrawnForm[] {
  return [...text.matchAll(/<form method="post" action="([^"]+)">(.*?)<\/form>/gs)].map(
    ([, action = '', inner = '']) => {
      const hidden = inner.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
      return { action, fields: Object.fromEntries([...hidden].map(([, n, v]) => [n, v])) };
    },
  );
}

/** What the form of a page with this action sends unless somebody types. */
export async function drawn(client: Client, path: string, action: string) {
  const form = formsOf(await page(client, path)).find((one) => one.action === action);
  if (!form) throw new Error(`${path} has no form for ${action}`);
  return form.fields;
}

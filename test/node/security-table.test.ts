import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const TABLE = 'docs/security.md';

describe('docs/security.md', () => {
  it('names only code and tests that are there', () => {
    const named = readFileSync(TABLE, 'utf8').match(/`(?:src|test)\/[\w./-]+`/g) ?? [];
    expect(named.length).toBeGreaterThan(80);
    const missing = named.map((name) => name.slice(1, -1)).filter((path) => !existsSync(path));
    expect(missing).toEqual([]);
  });

  it('names every setting of a limit', () => {
    const settings = readFileSync('.env.example', 'utf8').match(/LIMIT_\w+/g) ?? [];
    const text = readFileSync(TABLE, 'utf8');
    expect(settings.length).toBeGreaterThan(8);
    expect(settings.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

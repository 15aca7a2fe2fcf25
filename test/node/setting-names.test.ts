import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { SETTING_NAMES, unknownSettings } from '../../src/setting-names.ts';

const text = (path: string) => readFileSync(path, 'utf8');

describe('the list of settings', () => {
  it('is that of the README and of .env.example', () => {
    const [, table = ''] = /\n## Settings\n([\s\S]+?)\n## /.exec(text('README.md')) ?? [];
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const told = rows.flatMap((row) => row.split('|')[1]?.match(/[A-Z][A-Z_]+/g) ?? []);
    expect(told.sort()).toEqual([...SETTING_NAMES].sort());
    const example = text('.env.example').match(/^# ([A-Z_]+)=/gm) ?? [];
    expect(example.map((line) => line.slice(2, -1)).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it('has what is read, and nothing else', () => {
    const read = new Set<string>();
    const base: Record<string, string> = {
      SESSION_SECRET: 'x'.repeat(32),
      UPSTASH_REDIS_REST_URL: 'https://redis.example',
      UPSTASH_REDIS_REST_TOKEN: 'x',
      TURSO_DATABASE_URL: 'libsql://db.example',
      MAIL_URL: 'resend:x',
      MAIL_FROM: 'a@example.com',
    };
    const env = new Proxy(base, {
      get(target, name: string) {
        read.add(name.replace('\uFEFF', ''));
        return target[name];
      },
    });
    parseConfig(env, 'node');
    expect([...read].sort()).toEqual([...SETTING_NAMES].sort());
  });
});

describe('a name that is no setting', () => {
  it.each([
    ['SESION_IDLE', 'SESSION_IDLE'],
    ['SESSION_IDEL', 'SESSION_IDLE'],
    ['session_idle', 'SESSION_IDLE'],
    ['SESSION-IDLE', 'SESSION_IDLE'],
    ['TRUSTED_ORIGIN', 'TRUSTED_ORIGINS'],
    ['BASEURL', 'BASE_URL'],
    ['LIMIT_LOGINS', 'LIMIT_TOKEN'],
    ['COOKIE_DOMAINS', 'COOKIE_DOMAIN'],
    ['GATEHOUSE_PORT', 'PORT'],
    ['\uFEFFREGISTRATON', 'REGISTRATION'],
  ])('but looks like one is named: %s', (name, meant) => {
    const [line = '', ...more] = unknownSettings({ [name]: 'hunter2' });
    expect(more).toEqual([]);
    expect(line.startsWith(`${name.replace('\uFEFF', '')} is no setting`)).toBe(true);
    expect(line).toContain(name === 'LIMIT_LOGINS' ? 'did you mean LIMIT_' : `mean ${meant}?`);
    expect(line).not.toContain('hunter2');
  });

  it('is left alone where it belongs to others', () => {
    const names = [
      ...['HOME', 'HOSTNAME', 'PATH', 'PWD', 'MAIL', 'USER', 'SHELL', 'HOSTS', 'PORTS', 'LANG'],
      ...['NODE_ENV', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_PORT_6379_TCP', 'MAIL_HOST', 'APP_ENV'],
      ...['LOGNAME', 'SESSION_MANAGER', 'XDG_SESSION_ID', 'DATABASE_URL', 'npm_config_cache'],
      ...['LOG_FORMAT', 'AUTH_TOKEN', 'KUBERNETES_PORT', 'TERM_SESSION_ID', ...SETTING_NAMES],
      '\uFEFFPORT',
    ];
    expect(unknownSettings(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  });
});

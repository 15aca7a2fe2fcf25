import { httpUrl, type Platform, SettingError, type Settings } from './settings.ts';

export type RedisConfig =
  | { kind: 'rest'; url: string; token: string }
  | { kind: 'tcp'; url: string }
  | { kind: 'embedded' };

/** A file without a path is the one in the data folder. */
export type DatabaseConfig =
  | { kind: 'remote'; url: string; authToken: string | undefined }
  | { kind: 'file'; path: string | null };

/** Where sessions are kept. Throws a `SettingError`. */
export function parseRedis(settings: Settings, platform: Platform): RedisConfig {
  const url = settings.get('UPSTASH_REDIS_REST_URL', null, (text) => httpUrl(text).href);
  const token = settings.text('UPSTASH_REDIS_REST_TOKEN');
  const tcp = settings.text('REDIS_URL');
  if (tcp !== undefined) {
    if (platform === 'workers') throw new SettingError('REDIS_URL', 'works on Node only');
    if (url !== null || token !== undefined) {
      throw new SettingError('REDIS_URL', 'is set beside UPSTASH_REDIS_REST_…; set one of them');
    }
    checkRedisUrl(tcp);
    return { kind: 'tcp', url: tcp };
  }
  if (url !== null && token !== undefined) return { kind: 'rest', url, token };
  if (url !== null) {
    throw new SettingError('UPSTASH_REDIS_REST_TOKEN', 'is required with UPSTASH_REDIS_REST_URL');
  }
  if (token !== undefined || platform === 'workers') {
    const why = token !== undefined ? 'with UPSTASH_REDIS_REST_TOKEN' : 'on Workers';
    throw new SettingError('UPSTASH_REDIS_REST_URL', `is required ${why}`);
  }
  return { kind: 'embedded' };
}

/** Throws a `SettingError` that does not show the address, because it may hold a password. */
function checkRedisUrl(text: string): void {
  const wrong = (problem: string) => new SettingError('REDIS_URL', problem);
  const [, bare] = /(%(?![0-9a-f]{2})|[#?])/i.exec(text) ?? [];
  if (bare !== undefined) {
    throw wrong(`holds a bare "${bare}"; in a user or password write ${encodeURIComponent(bare)}`);
  }
  if (/^rediss?:\/\/[^/]*\/.*@/i.test(text)) throw wrong('holds a "/" before its "@"; write %2F');
  if (!URL.canParse(text) || !decodes(text) || !/^rediss?:\/\/[^/]+(\/\d{0,5})?$/i.test(text)) {
    throw wrong('is not an address such as redis://user:password@host:6379/0 (or rediss://)');
  }
}

/** Whether what is percent-encoded is UTF-8. */
function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Where users are kept. Throws a `SettingError`. */
export function parseDatabase(settings: Settings, platform: Platform): DatabaseConfig {
  const name = 'TURSO_DATABASE_URL';
  const url = settings.text(name);
  if (url === undefined && settings.text('TURSO_AUTH_TOKEN') !== undefined) {
    throw new SettingError(name, 'is required with TURSO_AUTH_TOKEN');
  }
  if (url === undefined) {
    if (platform === 'workers') throw new SettingError(name, 'is required on Workers');
    return { kind: 'file', path: null };
  }
  if (platform === 'node' && /^file:./.test(url)) {
    return { kind: 'file', path: filePath(url) };
  }
  if (!isRemote(url)) {
    const file = platform === 'node' ? ' (or file: and a path)' : '';
    throw new SettingError(
      name,
      `is not an address such as libsql://host, https://host or http://host${file}`,
    );
  }
  return { kind: 'remote', url, authToken: settings.text('TURSO_AUTH_TOKEN') };
}

/** The path of a `file:` address (RFC 8089), which may be relative here. */
function filePath(url: string): string {
  const [, bare] = /(%(?![0-9a-f]{2})|[#?])/i.exec(url) ?? [];
  if (bare !== undefined || !decodes(url)) {
    const what = bare === undefined ? 'is not UTF-8' : `holds a bare "${bare}"`;
    const problem = `${what}; percent-encode the path: ${encodeURIComponent(bare ?? '%')}`;
    throw new SettingError('TURSO_DATABASE_URL', problem);
  }
  return decodeURIComponent(url.slice('file:'.length)).replace(/^\/\/(localhost)?(?=\/)/, '');
}

/** The driver takes a token by itself, and no user and password. */
function isRemote(text: string): boolean {
  const url = URL.canParse(text) && /^(libsql|https?):\/\//i.test(text) ? new URL(text) : null;
  return url !== null && url.hostname !== '' && url.username === '' && url.password === '';
}

import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { Fault } from '../../src/errors.ts';
import { openLog } from '../../src/node/log.ts';
import { gatheredOutput } from '../../src/node/output.ts';
import { PASSWORD } from '../support/app.ts';
import { readLog } from '../support/logs.ts';
import { start, temporaryFolder } from '../support/server.ts';
import { refusalOf } from '../support/settings.ts';

const ANSWERED = { method: 'GET', route: '/auth/session', status: 200, duration: 0.44 };
const COUNTED = { requestId: 'the-request', ...ANSWERED, redis: 1, sql: 0 };

describe('a log line', () => {
  it('is JSON with the same fields for every request', () => {
    const { log, lines } = readLog();
    log.request('info', COUNTED);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ...{ level: 'info', message: 'request' },
      ...{ ...COUNTED, duration: 0.4 },
    });
  });

  it('is short on a terminal', () => {
    const { log, lines } = readLog('info', true);
    log.request('info', COUNTED);
    log.warn('odd', { requestId: 'x' });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d GET \/auth\/session 200 0\.4 ms, redis 1, sql 0$/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d warn: odd \{"requestId":"x"\}$/);
  });

  it.each([false, true])('stays one line whatever stands in it, on a terminal: %s', (terminal) => {
    const { log, lines } = readLog('info', terminal);
    const codes = [...Array(32).keys(), 0x7f, 0x85, 0x9b, 0x2028, 0x2029];
    log.warn('odd', { from: String.fromCharCode(...codes) });
    for (const code of codes) expect(lines[0]).not.toContain(String.fromCharCode(code));
  });

  it('tells an error by its message, but for that of a parser, which quotes', () => {
    const { log, lines } = readLog();
    log.warn('odd', { error: new Fault('redis', 'no answer') });
    expect(JSON.parse(lines[0] ?? '').error).toBe('Fault: redis: no answer');
    try {
      JSON.parse('a-secret');
    } catch (error) {
      log.error('odd', { error });
    }
    expect(JSON.parse(lines[1] ?? '').error).toBe('SyntaxError');
  });

  it('is left out below LOG_LEVEL, whose values are known', () => {
    const { log, lines } = readLog('warn');
    log.debug('no');
    log.info('no');
    log.request('info', COUNTED);
    log.warn('yes');
    log.error('yes');
    expect(lines).toHaveLength(2);
    expect(parseConfig({}, 'node').logLevel).toBe('info');
    expect(refusalOf(() => parseConfig({ LOG_LEVEL: 'loud' }, 'node'))).toBe(
      'LOG_LEVEL: "loud" is none of error, warn, info, debug',
    );
  });
});

describe('gathered output', () => {
  it('writes many lines at once, at once when full, and survives a reader that left', () => {
    const stream = new EventEmitter();
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    const output = gatheredOutput(Object.assign(stream, { write }) as never);
    output.write('one');
    output.write('two');
    expect(written).toEqual([]);
    output.flush();
    output.flush();
    expect(written).toEqual(['one\ntwo\n']);
    for (let i = 0; i < 500; i += 1) output.write(() => `line ${i}`);
    expect(written[1]).toMatch(/^line 0\nline 1\n[\s\S]*\nline 499\n$/);
    expect(() => stream.emit('error', new Error('EPIPE'))).not.toThrow();
  });
});

describe('the log of a process', () => {
  it('has written what waits when the process exits', () => {
    const written: string[] = [];
    const stdout = Object.assign(new EventEmitter(), {
      write: (text: string) => written.push(text),
    });
    const process = Object.assign(new EventEmitter(), { stdout, stderr: new EventEmitter() });
    const log = openLog('info', process as never);
    log.request('info', COUNTED);
    expect(written).toEqual([]);
    process.emit('exit');
    expect(written.map((line) => JSON.parse(line).requestId)).toEqual(['the-request']);
  });
});

describe('the server', { timeout: 20_000 }, () => {
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  it('loses no line when it is ended under load', async () => {
    const { url, process, ended, output } = await start({ DATA_DIR: temporaryFolder() });
    const asked = Array.from({ length: 40 }, () => fetch(`${url}/auth/session`));
    await Promise.all(asked);
    process.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(linesOf(output().out)).toHaveLength(40);
  });

  it.each([
    [{}, false, 1],
    [{ TRUST_PROXY: '127.0.0.1' }, true, 0],
  ])('with %j takes a request id over: %s; warnings: %i', async (env, taken, warnings) => {
    const DATA_DIR = join(temporaryFolder(), 'data');
    const { url, process, ended, output } = await start({ DATA_DIR, ...env });
    const id = 'id-of-the-proxy.1';
    const headers = { 'x-request-id': id, 'x-forwarded-for': '192.0.2.7' };
    const idOf = async (path: string, more: RequestInit = {}) =>
      (await fetch(`${url}${path}`, { headers, ...more })).headers.get('x-request-id');
    expect((await idOf('/login')) === id).toBe(taken);
    for (const unsafe of [
      'short',
      'a b c d e f g',
      `${'x'.repeat(65)}`,
      'quote"quote',
      'comma,comma',
    ]) {
      const answer = await idOf('/login', { headers: { ...headers, 'x-request-id': unsafe } });
      expect(answer).toMatch(/^[\da-f-]{36}$/);
    }
    for (let i = 0; i < 2; i += 1) {
      const json = JSON.stringify({ email: 'nobody@example.com', password: PASSWORD });
      const type = { 'content-type': 'application/json' };
      await idOf('/auth/login', { method: 'POST', body: json, headers: { ...headers, ...type } });
    }
    process.kill('SIGTERM');
    await ended;
    expect(linesOf(output().err)).toHaveLength(warnings);
    if (warnings > 0) expect(output().err).toContain('TRUST_PROXY');
    expect(linesOf(output().out)[0].requestId === id).toBe(taken);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientAddressOf, parseProxies } from '../../src/node/client-address.ts';
import { PASSWORD } from '../support/app.ts';
import { start, temporaryFolder } from '../support/server.ts';
import { refusalOf } from '../support/settings.ts';

const proxies = parseProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);

describe('the address of a client', () => {
  it.each([
    ['the peer, without a proxy', '192.0.2.1', undefined, '192.0.2.1'],
    ['the peer, whatever a stranger claims', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['the hop before our proxy', '127.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['the last hop that is not ours', '127.0.0.1', '6.6.6.6, 192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['a proxy of ours that names nobody', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy of ours that only names others', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['a proxy of ours before nonsense', '10.0.0.1', '192.0.2.7, nonsense', '10.0.0.1'],
    ['IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['IPv4 inside of IPv6', '::ffff:127.0.0.1', '::ffff:192.0.2.7', '192.0.2.7'],
    ['IPv4 without its port', '127.0.0.1', '203.0.113.7:51034', '203.0.113.7'],
    ['IPv6 without brackets and port', '127.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
    ['IPv6 without brackets', '127.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['IPv4 inside of IPv6 with a port', '127.0.0.1', '[::ffff:192.0.2.7]:1', '192.0.2.7'],
    ['the hop before proxies with ports', '10.0.0.1', '192.0.2.7:5, 10.1.2.3:80', '192.0.2.7'],
  ])('is %s', (_, peer, forwarded, expected) => {
    expect(clientAddressOf(peer, forwarded, proxies)).toBe(expected);
  });

  it.each([
    'nonsense',
    '[192.0.2.7]:1',
    '192.0.2.7:',
    '192.0.2.7:123456',
    '192.0.2:1',
    '[2001:db8::1',
    '[]:1',
  ])('is that of the proxy where the proxy writes %s, which is reported', (hop) => {
    const unreadable: string[] = [];
    const found = clientAddressOf('10.0.0.1', `192.0.2.9, ${hop}`, proxies, (text) =>
      unreadable.push(text),
    );
    expect([found, unreadable]).toEqual(['10.0.0.1', [hop]]);
  });

  it('is not known without a peer', () => {
    expect(clientAddressOf(undefined, '192.0.2.7', proxies)).toBeNull();
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.0/8/8', '10.0.0/8'])(
    'is not looked for behind %s, which is no address or range',
    (entry) => {
      expect(refusalOf(() => parseProxies([entry]))).toMatch(/^TRUST_PROXY: /);
    },
  );

  it.each([
    [{}, '127.0.0.1'],
    [{ TRUST_PROXY: '127.0.0.1' }, '192.0.2.7'],
  ])('is what the server takes for it with %j', async (env, expected) => {
    const { url } = await start({ DATA_DIR: join(temporaryFolder(), 'data'), ...env });
    const answer = await fetch(`${url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6, 192.0.2.7' },
      body: JSON.stringify({ email: 'ada@example.com', password: PASSWORD }),
    });
    const { session } = (await answer.json()) as { session: { ip: string } };
    expect(session.ip).toBe(expected);
  });
});

describe('behind a load balancer that adds ports', () => {
  it('wrong passwords of one client lock nobody else out, and what is no address is told once', async () => {
    const { url, output } = await start({
      DATA_DIR: join(temporaryFolder(), 'data'),
      ...{ TRUST_PROXY: '127.0.0.1', LIMIT_LOGIN_ADDRESS: '10/10m', BCRYPT_COST: '4' },
    });
    const login = async (email: string, forwardedFor: string) => {
      const { status } = await fetch(`${url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor },
        body: JSON.stringify({ email, password: 'not the password' }),
      });
      return status;
    };
    for (let n = 0; n < 10; n += 1) {
      expect(await login(`n${n}@example.com`, `203.0.113.7:${51_000 + n}`)).toBe(401);
    }
    expect(await login('ada@example.com', '203.0.113.7:51034')).toBe(429);
    expect(await login('ada@example.com', '203.0.113.8:51034')).toBe(401);
    for (const hop of ['unknown', '_hidden']) await login('ada@example.com', hop);
    const warnings = output()
      .err.split('\n')
      .filter((line) => line.includes('no address'));
    expect(warnings).toEqual([expect.stringContaining('"entry":"unknown"')]);
  });
});

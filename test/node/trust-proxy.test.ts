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
  ])('is %s', (_, peer, forwarded, expected) => {
    expect(clientAddressOf(peer, forwarded, proxies)).toBe(expected);
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

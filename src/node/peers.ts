import { BlockList } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { AppContext } from '../http/env.ts';
import type { Log } from '../log.ts';
import { clientAddressOf, isOneOf, parseProxies } from './client-address.ts';

/** Addresses that a proxy of ours may well have and a client from outside can't. */
const PRIVATE = new BlockList();
for (const [range, length] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(range, length, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

export interface Peers {
  /** The client's address. null: not known. */
  clientAddress(c: AppContext): string | null;
  /** Whether the request came by a proxy of ours. */
  trustsPeer(c: AppContext): boolean;
}

/** Who is at the other end of a connection. Throws a `SettingError` for a wrong `TRUST_PROXY`. */
export function createPeers(trustProxy: readonly string[], log: Log): Peers {
  const proxies = parseProxies(trustProxy);
  const peerOf = (c: AppContext) => (c.env as HttpBindings).incoming.socket.remoteAddress;
  let warned = false;
  let warnedOfHop = false;

  /** Without that hop, everybody behind the proxy is one client. */
  function noticeUnreadable(hop: string): void {
    if (warnedOfHop) return;
    warnedOfHop = true;
    const message =
      'X-Forwarded-For of a trusted proxy holds something that is no address: its clients are counted as one';
    log.warn(message, { entry: hop.slice(0, 64) });
  }

  /** Behind a proxy that nobody named, all clients are one. */
  function noticeProxy(peer: string | undefined): void {
    if (warned || peer === undefined || isOneOf(proxies, peer) || !isOneOf(PRIVATE, peer)) return;
    warned = true;
    const message =
      'X-Forwarded-For of a private address is not believed: TRUST_PROXY names no such';
    log.warn(message, { peer });
  }

  return {
    clientAddress(c) {
      const forwarded = c.req.header('x-forwarded-for');
      const peer = peerOf(c);
      if (forwarded !== undefined) noticeProxy(peer);
      return clientAddressOf(peer, forwarded, proxies, noticeUnreadable);
    },
    trustsPeer(c) {
      const peer = peerOf(c);
      return peer !== undefined && isOneOf(proxies, peer);
    },
  };
}

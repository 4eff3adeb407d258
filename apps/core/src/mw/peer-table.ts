/**
 * The peers on Mw: where they are and what their certificates say. It stands in for DNS (RFC 3263) and for the list
 * of trusted nodes (TS 33.210) at once: a next hop that is not in it is never connected to.
 *
 * @module
 */
import { parseUri } from '@wicgate/sip';
import { NoRoute } from '../errors.ts';
import { hostPort } from './host-port.ts';

export interface MwPeer {
  /** In lower case; an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
  /** The DNS name in its certificate. */
  readonly name: string;
}

const entry = /^(?<host>[a-z0-9.-]+|\[[0-9a-f:.]+\]):(?<port>\d{1,5})=(?<name>[a-z0-9.-]+)$/u;
/** Of `sip:` over TLS (RFC 3261 18.2.1). */
const defaultPort = 5_061;

/** Reads `host:port=name,…`; undefined where the text is something else. */
export function parsePeers(text: string): readonly MwPeer[] | undefined {
  const peers: MwPeer[] = [];
  for (const part of text.split(',')) {
    const { host, port, name } = entry.exec(part.trim().toLowerCase())?.groups ?? {};
    if (host === undefined || name === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    peers.push({ host, port: Number(port), name });
  }
  return peers;
}

export class PeerTable {
  readonly #byAddress = new Map<string, MwPeer>();
  readonly #names = new Set<string>();

  constructor(peers: readonly MwPeer[]) {
    for (const peer of peers) this.add(peer);
  }

  /** For peers whose port is known only once they listen. */
  add(peer: MwPeer): void {
    this.#byAddress.set(hostPort(peer.host, peer.port), peer);
    this.#names.add(peer.name);
  }

  /** Whether one of these names, proven by a certificate, is a peer's. */
  isTrusted(certificateNames: readonly string[]): boolean {
    return certificateNames.some((name) => this.#names.has(name));
  }

  /**
   * The peer that a SIP URI leads to.
   *
   * @throws {NoRoute} it leads to none of them. @throws {HeaderMalformed}
   */
  locate(uri: string): MwPeer {
    const parsed = parseUri(uri, 'Route');
    const peer =
      parsed.scheme === 'tel' ? undefined : this.#byAddress.get(hostPort(parsed.host, parsed.port ?? defaultPort));
    if (peer === undefined) throw new NoRoute();
    return peer;
  }
}

/**
 * The peers on Mw: where they are and what their certificates say. It stands in for DNS (RFC 3263) and for the list
 * of trusted nodes (TS 33.210) at once: a next hop that is not in it is never connected to.
 *
 * @module
 */
import { parseUri } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';

export interface MwPeer {
  readonly host: string;
  readonly port: number;
  /** The DNS name in its certificate. */
  readonly name: string;
}

const entry = /^(?<host>[a-z0-9.-]+|\[[0-9a-f:]+\]):(?<port>\d{1,5})=(?<name>[a-z0-9.-]+)$/u;

/** Reads `host:port=name,…`; undefined where the text is something else. */
export function parsePeers(text: string): readonly MwPeer[] | undefined {
  const peers: MwPeer[] = [];
  for (const part of text.split(',')) {
    const { host, port, name } = entry.exec(part.trim().toLowerCase())?.groups ?? {};
    if (host === undefined || port === undefined || name === undefined) return undefined;
    peers.push({ host, port: Number(port), name });
  }
  return peers;
}

export class PeerTable {
  readonly #byAddress: ReadonlyMap<string, MwPeer>;
  readonly #names: ReadonlySet<string>;

  constructor(peers: readonly MwPeer[]) {
    this.#byAddress = new Map(peers.map((peer) => [`${peer.host}:${peer.port}`, peer]));
    this.#names = new Set(peers.map(({ name }) => name));
  }

  /** Whether one of these names, proven by a certificate, is a peer's. */
  isTrusted(certificateNames: readonly string[]): boolean {
    return certificateNames.some((name) => this.#names.has(name));
  }

  /**
   * The peer that a SIP URI leads to.
   *
   * @throws {RequestRefused} 404: it leads to none of them.
   */
  locate(uri: string): MwPeer {
    const parsed = parseUri(uri, 'Route');
    const peer = parsed.scheme === 'tel' ? undefined : this.#byAddress.get(`${parsed.host}:${parsed.port ?? 5_061}`);
    if (peer === undefined) throw new RequestRefused(404, 'No route to that destination');
    return peer;
  }
}

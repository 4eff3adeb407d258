/**
 * The peers on Mw: where they are and what their certificates say.
 *
 * It stands in for DNS (RFC 3263) and says at once where requests may go: the eP-CSCF never connects to an address
 * that only a message names.
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

const entry = /^(?<host>[a-z0-9.-]+|\[[0-9a-f:.]+\]):(?<port>\d{1,5})=(?<name>[a-z0-9.-]+)$/u;
/** Of `sip:` over TLS (RFC 3261 18.2.1). */
const defaultPort = 5_061;

/** Reads `host:port=name,…`; undefined where the text is something else. */
export function parsePeers(text: string): readonly MwPeer[] | undefined {
  const peers: MwPeer[] = [];
  for (const part of text.split(',').map((item) => item.trim().toLowerCase())) {
    const { host, port, name } = entry.exec(part)?.groups ?? {};
    if (host === undefined || name === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    peers.push({ host, port: Number(port), name });
  }
  return peers;
}

export class PeerTable {
  readonly #byAddress: ReadonlyMap<string, MwPeer>;

  constructor(peers: readonly MwPeer[]) {
    this.#byAddress = new Map(peers.map((peer) => [`${peer.host}:${peer.port}`, peer]));
  }

  /**
   * The peer that a SIP URI leads to.
   *
   * @throws {RequestRefused} it leads to none of them. @throws {HeaderMalformed}
   */
  locate(uri: string): MwPeer {
    const peer = this.find(uri);
    if (peer === undefined) throw new RequestRefused('outside the core');
    return peer;
  }

  /** The same; undefined where it leads to none of them. @throws {HeaderMalformed} */
  find(uri: string): MwPeer | undefined {
    const parsed = parseUri(uri, 'Route');
    if (parsed.scheme === 'tel') return undefined;
    return this.#byAddress.get(`${parsed.host}:${parsed.port ?? defaultPort}`);
  }
}

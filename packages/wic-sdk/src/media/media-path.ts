/**
 * Which way media take, read from what the browser counts (W3C webrtc-stats, RTCIceCandidatePairStats).
 *
 * @module
 */
import type { MediaPath, Relay } from '../wic.ts';

/** What is read of an entry; browsers leave out what they do not know. */
interface Entry {
  readonly id: string;
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  /** Firefox has no `transport` entries, and marks the pair. */
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly address?: string | null;
  readonly port?: number;
  readonly relayProtocol?: string;
  readonly url?: string;
}

const transports: Readonly<Record<string, Relay['transport']>> = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' };

/** Undefined while no pair of candidates is selected. */
export function readMediaPath(stats: Iterable<readonly [string, unknown]>): MediaPath | undefined {
  const entries = new Map(stats as Iterable<readonly [string, Entry]>);
  const pair = findSelected(entries);
  const local = entries.get(pair?.localCandidateId ?? '');
  const remote = entries.get(pair?.remoteCandidateId ?? '');
  if (local === undefined || remote === undefined) return undefined;
  return {
    ownRelay: local.candidateType === 'relay' ? readOwnRelay(local) : undefined,
    farRelay: remote.candidateType === 'relay' ? { server: addressOf(remote), transport: undefined } : undefined,
  };
}

function findSelected(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  for (const { type, selectedCandidatePairId: id } of entries.values()) {
    if (type === 'transport' && id !== undefined) return entries.get(id);
  }
  return [...entries.values()].find(({ type, selected }) => type === 'candidate-pair' && selected === true);
}

/** The server as it was configured, else the address that it gave us, which is its own. */
function readOwnRelay(candidate: Entry): Relay {
  const [, server = addressOf(candidate)] = /^turns?:([^?]+)/iu.exec(candidate.url ?? '') ?? [];
  return { server, transport: transports[candidate.relayProtocol ?? ''] };
}

function addressOf({ address, port }: Entry): string | undefined {
  if (address === undefined || address === null || address === '') return undefined;
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}

import { describe, expect, it } from 'vitest';
import { readMediaPath } from './media-path.ts';

type Candidate = Readonly<Record<string, unknown>>;

/** As browsers count: some have a transport that names the pair, others mark it. */
function stats(local: Candidate, remote: Candidate, style: 'transport' | 'marked' = 'transport') {
  const entries = [
    { id: 'other', type: 'candidate-pair', localCandidateId: 'x', remoteCandidateId: 'y' },
    { id: 'pair', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r', selected: style === 'marked' },
    { id: 'l', type: 'local-candidate', ...local },
    { id: 'r', type: 'remote-candidate', ...remote },
    ...(style === 'transport' ? [{ id: 't', type: 'transport', selectedCandidatePairId: 'pair' }] : []),
  ];
  return new Map(entries.map((entry) => [entry.id, entry]));
}

const host = { candidateType: 'host', address: '192.0.2.7', port: 5_000 };
const relay = { candidateType: 'relay', address: '198.51.100.1', port: 50_000 };

const rows = [
  {
    way: 'direct',
    local: host,
    remote: { candidateType: 'prflx' },
    path: { ownRelay: undefined, farRelay: undefined },
  },
  {
    way: 'relayed here over UDP',
    local: { ...relay, relayProtocol: 'udp', url: 'turn:turn.example:3478?transport=udp' },
    remote: host,
    path: { ownRelay: { server: 'turn.example:3478', transport: 'UDP' }, farRelay: undefined },
  },
  {
    way: 'relayed here over TLS, by a server in brackets',
    local: { ...relay, relayProtocol: 'tls', url: 'turns:[2001:db8::1]:443?transport=tcp' },
    remote: host,
    path: { ownRelay: { server: '[2001:db8::1]:443', transport: 'TLS' }, farRelay: undefined },
  },
  {
    way: 'relayed at both ends; the browser names no server',
    local: { ...relay, relayProtocol: 'tcp' },
    remote: { candidateType: 'relay', address: '2001:db8::2', port: 50_001 },
    path: {
      ownRelay: { server: '198.51.100.1:50000', transport: 'TCP' },
      farRelay: { server: '[2001:db8::2]:50001', transport: undefined },
    },
  },
  {
    way: 'relayed, and nothing more is told',
    local: { candidateType: 'relay', address: null, url: '' },
    remote: { candidateType: 'relay', address: '' },
    path: {
      ownRelay: { server: undefined, transport: undefined },
      farRelay: { server: undefined, transport: undefined },
    },
  },
];

describe('the way that media take', () => {
  it.each(rows)('[RFC 8445 2.4] is $way', ({ local, remote, path }) => {
    expect(readMediaPath(stats(local, remote))).toEqual(path);
    expect(readMediaPath(stats(local, remote, 'marked'))).toEqual(path);
  });

  it('[RFC 8445 2.4] is unknown while no pair is selected', () => {
    expect(readMediaPath(new Map())).toBeUndefined();
    const marked = stats(host, relay, 'marked');
    marked.delete('pair');
    expect(readMediaPath(marked)).toBeUndefined();
  });
});

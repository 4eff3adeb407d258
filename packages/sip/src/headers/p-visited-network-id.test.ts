import { formatPVisitedNetworkId, parsePVisitedNetworkId } from './p-visited-network-id.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'P-Visited-Network-ID',
  clause: 'RFC 7315 4.3',
  parse: parsePVisitedNetworkId,
  format: formatPVisitedNetworkId,
  wellFormed: [
    { source: 'RFC 7315 4.3.2.1, a token', value: 'other.net', canonical: '"other.net"' },
    { source: 'RFC 7315 4.3.2.1, free text', value: '"Visited network number 1"' },
    { source: 'a parameter', value: '"a \\"b\\"";x=y' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'network' },
    { fault: 'two words', value: 'other net', at: 6, expected: 'end of value' },
    { fault: 'an open quote', value: '"other', at: 0, expected: 'closing quote' },
  ],
});

/**
 * TS 33.203 W.3: from behind restrictive firewalls, by SIP over TLS and by TURN, both where firewalls let people through.
 *
 * @module
 */
import type { Requirement } from '../requirement.ts';

const browser = 'the browser does';

export const annexW: readonly Requirement[] = [
  {
    id: 'W.2',
    on: ['operator'],
    says: 'A tunnel for all IMS traffic through an Enhanced Firewall Traversal Function.',
    notApplicable: 'a browser makes no tunnels; W.3 is the way for clients that have ICE',
  },
  {
    id: 'W.3.1.1 a',
    on: ['TURN server', 'eP-CSCF'],
    says: 'The TLS profile is that of TS 33.310.',
    also: ['TS 33.310 E', 'O.2.1'],
    about: 'TLS|cipher|suite|curve|refused with',
  },
  {
    id: 'W.3.1.1 b',
    on: ['WIC'],
    says: 'The method serves clients whose registration or call fails behind a firewall; where it fails too, they are told.',
    about: 'network|firewall|path|each end',
    refused: false,
  },
  {
    id: 'W.3.1.2 a',
    on: ['WIC', 'eP-CSCF'],
    says: 'SIP over TLS on port 443 looks like HTTPS to firewalls.',
    also: ['W.3.4'],
    about: '443|port',
    refused: false,
  },
  {
    id: 'W.3.1.2 b',
    on: ['WIC', 'eP-CSCF'],
    says: 'Keep-alives by CRLF (RFC 5626), agreed on at registration (RFC 6223), keep the way open.',
    also: ['RFC 5626 4.4.1', 'RFC 6223 4.3', 'RFC 6223 4.4', 'eP-CSCF 19'],
    about: 'keep|CRLF|pong|eP-CSCF wants',
    refused: 'seldom|refuses|stays away|dead|no number',
  },
  {
    id: 'W.3.1.2 c',
    on: ['WIC'],
    says: `With an HTTP proxy the connection to the P-CSCF is made by CONNECT, which it does not notice; ${browser}.`,
    about: 'HTTP proxy',
    also: ['W.3.3'],
    refused: false,
  },
  {
    id: 'W.3.1.3 a',
    on: ['WIC', 'TURN server'],
    says: 'Media are relayed where no direct way is found: over TLS on port 443 or TCP on port 80.',
    also: ['W.3.5'],
    about: '443|port 80|firewall|TLS',
    refused: false,
  },
  {
    id: 'W.3.1.3 b',
    on: ['WIC'],
    says: `Where both are there, TCP on port 80 is preferred to TLS on port 443; ${browser}.`,
    about: 'preferred',
    refused: false,
  },
  {
    id: 'W.3.1.3 c',
    on: ['TURN server', 'WIC'],
    says: 'Several connections may resume one TLS session.',
    about: 'resume',
    refused: false,
  },
  {
    id: 'W.3.1.3 d',
    on: ['WIC'],
    says: `With an HTTP proxy the connection to the TURN server is made by CONNECT; ${browser}.`,
    about: 'HTTP proxy',
    also: ['W.3.3'],
    refused: false,
  },
  {
    id: 'W.3.1.3 e',
    on: ['WIC', 'TURN server'],
    says: 'TCP-based media get TURN connections of their own (RFC 6062, RFC 6544).',
    notApplicable: 'a WIC has no TCP-based media: MSRP and T.140 go in WebRTC data channels',
  },
  {
    id: 'W.3.3 a',
    on: ['WIC'],
    says: 'The client has SIP over TLS on port 443, SIP Digest, CRLF keep-alives and CONNECT.',
    also: ['W.3.1.2'],
    refused: false,
  },
  {
    id: 'W.3.3 b',
    on: ['WIC'],
    says: 'The client has ICE, TURN over TLS on port 443 and over TCP on port 80, and CONNECT for these.',
    also: ['W.3.1.3'],
    about: '443|port 80',
    refused: false,
  },
  {
    id: 'W.3.4',
    on: ['eP-CSCF'],
    says: 'The P-CSCF has SIP over TLS on port 443, SIP Digest, CRLF keep-alives and their negotiation.',
    also: ['O.2.1', 'RFC 6223 4.4', 'RFC 5626 4.4.1'],
    about: 'port|keep|CRLF',
    refused: false,
  },
  {
    id: 'W.3.5',
    on: ['TURN server'],
    says: 'The TURN server has TLS on port 443 and may have TCP on port 80.',
    also: ['TURN server 5'],
    about: '443|TLS|port 80',
    refused: 'taken|privilege|refused|handshake',
  },
  {
    id: 'W.3.6',
    on: ['eIMS-AGW'],
    says: 'IMS-ALG and IMS-AGW are as they are elsewhere.',
    notApplicable: 'asks for nothing',
  },
];

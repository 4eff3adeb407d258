/**
 * What node-turn 0.0.6 does not do.
 *
 * @module
 */
import type { Defect } from './known-defects.ts';

export const nodeTurnDefects: readonly Defect[] = [
  {
    because: 'it serves UDP only',
    cases: [
      'relays both ways for a client that comes over TCP',
      'relays both ways for a client that comes over TLS',
      'reads messages that TCP cut into pieces',
      'reads several messages that TCP put into one piece',
      'ends an allocation with its TCP connection',
      'outlives garbage and requests of the web on TCP',
      'outlives a client that announces a message...',
    ],
  },
  { because: 'it is asked to serve IPv4 only', cases: ['serves a client that comes over IPv6'] },
  {
    because: 'it does not answer a message with an attribute that it does not know',
    cases: ['answers an attribute that it must understand...', 'lives with an attribute that nobody must understand'],
  },
  {
    because: 'it does not answer where REQUESTED-ADDRESS-FAMILY is asked for',
    cases: [
      'refuses an address family that does not exist...',
      'gives an IPv6 address...',
      'relays to an IPv6 peer...',
      'permits a public IPv6 address',
      'refuses this host, ::,...',
      'refuses loopback, ::1,...',
      'refuses loopback in its IPv4-mapped form...',
      'refuses a private network in its IPv4-mapped form...',
      'refuses the metadata address in its IPv4-mapped form...',
      'refuses loopback by NAT64...',
      'refuses loopback by 6to4...',
      'refuses a unique local address...',
      'refuses a link-local address...',
      'refuses a multicast group, ff02::1,...',
    ],
  },
  {
    because: 'it filters no peers',
    cases: [
      'refuses loopback, 127.0.0.1,...',
      'refuses loopback by another name...',
      'refuses this host, 0.0.0.0,...',
      'refuses a private network, 1...',
      'refuses a network behind a carrier’s NAT...',
      'refuses the metadata address of clouds...',
      'refuses a multicast group, 224.0.0.251,...',
      'refuses broadcast...',
      'refuses a channel to a denied peer...',
      'permits nobody by a request that names one denied peer...',
      'refuses a peer of another address family...',
    ],
  },
  { because: 'it has no quotas', cases: ['refuses one allocation more than a credential may have...'] },
  {
    because: 'its channel numbers are those of RFC 5766, 0x4000 to 0x7fff',
    cases: ['refuses 0x5000, which was a channel number of RFC 5766...'],
  },
  {
    because: 'it drops ChannelData of clients',
    cases: ['sends on what comes on a channel', 'drops what comes on a channel...', 'relays 1,200 octets both ways'],
  },
  {
    because: 'a datagram of 0 or 1 octets from a peer ends the process',
    cases: ['brings a datagram of 0 octets...', 'brings a datagram of 1 octets...'],
  },
  { because: 'it takes such a datagram apart', cases: ['brings a datagram that looks like ChannelData...'] },
  { because: 'it knows one password for a name', cases: ['accepts a credential made with the Km before...'] },
  {
    because: 'it gives its default lifetime, whatever is asked for',
    cases: ['gives no allocation that outlives Texp', 'gives the lifetime that is asked for...'],
  },
  {
    because: 'its Refresh answers lifetime 0 and ends the allocation at once',
    cases: [
      'extends an allocation by Refresh...',
      'gives a lifetime with a Refresh...',
      'extends no allocation beyond...',
    ],
  },
  {
    because: 'each Allocate makes an allocation',
    cases: ['answers an Allocate sent twice...', 'refuses a second allocation on the same 5-tuple...'],
  },
  {
    because: 'EVEN-PORT and RESERVATION-TOKEN are never answered',
    cases: [
      'gives an even port...',
      'keeps the next port...',
      'refuses a RESERVATION-TOKEN that it never gave...',
      'refuses EVEN-PORT together with RESERVATION-TOKEN...',
    ],
  },
  { because: 'it never closes a relayed address', cases: ['closes the relayed address with its allocation...'] },
  { because: 'it answers 401', cases: ['refuses a request with MESSAGE-INTEGRITY and without USERNAME...'] },
  {
    because: 'it knows no access tokens',
    cases: [
      'names itself in THIRD-PARTY-AUTHORIZATION...',
      'gives an allocation for an access token...',
      'gives no allocation that outlives its access token',
      'refuses an access token...',
    ],
  },
  { because: 'it is given the credentials of X.5.2 only', cases: ['serves a user whose credential does not end...'] },
  {
    because: 'it knows RFC 5389, not RFC 8489',
    cases: ['takes a request protected by MESSAGE-INTEGRITY-SHA256...', 'takes a user by USERHASH...'],
  },
];

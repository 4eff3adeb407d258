/**
 * The checklist of the HSS: one item a test.
 *
 * @module
 */
import type { Requirement } from '../requirement.ts';

export const hssChecklist: readonly Requirement[] = [
  {
    id: 'HSS 1',
    on: ['HSS'],
    says: 'The order of the UAR checks, a test an exit.',
    also: ['TS 29.228 6.1.1.1', 'TS 29.228 6.1.1'],
  },
  {
    id: 'HSS 2',
    on: ['HSS'],
    says: 'An identity managed by a third party skips the check for existence.',
    also: ['TS 29.228 6.1.1.1'],
    about: 'third part|managed|range|skip',
    refused: 'is none|is nobody',
  },
  {
    id: 'HSS 3 a',
    on: ['HSS'],
    says: 'SIP-Authenticate is RAND and AUTN, 32 octets.',
    about: '32 octets|SIP-Authenticate|RAND',
    also: ['TS 29.229 6.3.10'],
    refused: false,
  },
  {
    id: 'HSS 3 b',
    on: ['HSS'],
    says: 'SQN only rises, also under simultaneous requests.',
    also: ['TS 33.102 C.1.2', 'TS 33.102 C.1.1.3'],
    about: 'SQN|sequence|rises|greater',
    refused: false,
  },
  {
    id: 'HSS 3 c',
    on: ['HSS'],
    says: 'AUTS is verified before resynchronisation.',
    also: ['TS 33.102 6.3.5', '6.1.3'],
    about: 'AUTS|resynchronisation',
  },
  {
    id: 'HSS 4',
    on: ['HSS'],
    says: 'Digest data: realm, qop auth, HA1; never the password.',
    also: ['N.2.1.1', 'TS 29.229 6.3.36'],
    about: 'realm|H\\(A1\\)|password|MAR of SIP Digest',
  },
  {
    id: 'HSS 5',
    on: ['HSS'],
    says: '5006 for a scheme that is not supported.',
    also: ['TS 29.228 6.3.1'],
    about: '5006|scheme|not supported',
    refused: false,
  },
  {
    id: 'HSS 6',
    on: ['HSS'],
    says: 'The states of SAR, with 5005, 2004, 9 and 10.',
    also: ['TS 29.228 6.1.2.1', 'TS 29.228 6.1.2'],
    about: 'Server assignment|ASSIGNMENT|AUTHENTICATION_',
  },
  {
    id: 'HSS 7',
    on: ['HSS'],
    says: 'An implicit set moves as one.',
    also: ['TS 29.228 6.5', 'TS 29.228 6.5.1'],
    refused: false,
  },
  {
    id: 'HSS 8 a',
    on: ['HSS'],
    also: ['TS 29.228 6.5.2.5', 'TS 29.229 6.3.65', 'TS 29.228 6.1.2'],
    says: 'SAA carries AVP 656 where there is a list.',
    about: 'list|Allowed|656',
    refused: 'no list|without|none',
  },
  {
    id: 'HSS 8 b',
    on: ['HSS'],
    says: 'PPR carries a list that has changed.',
    also: ['TS 29.228 6.5.2.5'],
    about: 'PPR|list|change',
    refused: false,
  },
  {
    id: 'HSS 9',
    on: ['HSS'],
    says: 'PPR with SIP-Auth-Data-Item when the password changes.',
    also: ['N.2.5', 'TS 29.228 6.5.2.4'],
    refused: 'none once|not|no ',
  },
  {
    id: 'HSS 10',
    on: ['HSS'],
    says: 'AVPs are keyed by vendor and code; Result-Code and Experimental-Result exclude each other.',
    also: ['TS 29.229 6.2', 'RFC 6733 7.1.3', 'TS 29.229 6.3'],
    refused: false,
    about: 'AVP|Result|vendor',
  },
  {
    id: 'HSS 11',
    on: ['HSS'],
    says: 'User-Data-Already-Available is honoured.',
    also: ['TS 29.228 6.6', 'TS 29.228 6.1.2.1', 'TS 29.228 6.1.2'],
    refused: false,
    about: 'User-Data|user data|profile|USER_DATA|Already-Available',
  },
  {
    id: 'HSS 12',
    on: ['HSS'],
    says: 'The emergency flag bypasses barring and roaming.',
    also: ['TS 29.228 6.1.1.1'],
    about: 'emergency|sos',
    refused: false,
  },
];

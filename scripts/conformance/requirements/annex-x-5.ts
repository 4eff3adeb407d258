/**
 * TS 33.203 X.5: TURN credentials (informative).
 *
 * @module
 */
import type { Requirement } from '../requirement.ts';

export const annexX5: readonly Requirement[] = [
  {
    id: 'X.5.1',
    on: ['TURN server', 'WIC'],
    says: 'TURN servers and clients have the long-term credential mechanism.',
    also: ['RFC 8489 9.2.4', 'RFC 8656 5', 'X.5.2.2-6'],
  },
  {
    id: 'X.5.2.1 a',
    on: ['WIC', 'eP-CSCF'],
    says: 'The WIC asks for a TURN credential by an extension header field when it registers.',
    also: ['X.5.2.2-2', 'X.5.2.2-4', 'WIC 15'],
    about: 'asks|TURN',
  },
  {
    id: 'X.5.2.1 b',
    on: ['eP-CSCF'],
    says: 'Only an authenticated and authorised request gets one.',
    also: ['X.5.2.2-3', 'X.5.2.2-4', 'eP-CSCF 17'],
    about: 'registered|registration|where it asks|nobody else',
  },
  {
    id: 'X.5.2.1 c',
    on: ['WIC', 'eP-CSCF'],
    says: 'The WIC may ask at each registration or keep the credential, and may ask by other messages such as OPTIONS.',
    also: ['X.5.2.2', 'X.5.2.2-4', 'X.5.2.2-5'],
    about: 'OPTIONS|renew|anew|registered WIC|a minute',
    refused: 'refused|a minute',
  },
  {
    id: 'X.5.2.2-1',
    on: ['WIC', 'eP-CSCF'],
    says: 'The WIC has a secure WebSocket to the gateway.',
    also: ['REQ 2.6', 'WIC 1'],
    about: 'WebSocket|Origin|subprotocol',
  },
  {
    id: 'X.5.2.2-2',
    on: ['WIC'],
    says: 'REGISTER carries 3gpp-ext-turn-cred.',
    also: ['X.3.2.3-3', 'WIC 15'],
    about: 'TURN|3gpp-ext-turn-cred|asks',
    refused: false,
  },
  {
    id: 'X.5.2.2-3 a',
    on: ['eP-CSCF'],
    says: 'After authentication the gateway makes a random Tid and an expiry Texp by its policy, both text.',
    about: 'Tid|Texp|time|refused before',
  },
  {
    id: 'X.5.2.2-3 b',
    on: ['eP-CSCF'],
    says: 'Tpwd = HASH(Km, Tid:Texp).',
    about: 'Tpwd|Km|password',
    also: ['X.5.2.2-6'],
  },
  {
    id: 'X.5.2.2-4',
    on: ['eP-CSCF'],
    says: 'The answer carries Tid:Texp:Tpwd in the same header field.',
    also: ['eP-CSCF 17'],
  },
  {
    id: 'X.5.2.2-5',
    on: ['WIC'],
    says: 'The WIC takes Tid:Texp as USERNAME and Tpwd as the key of MESSAGE-INTEGRITY.',
    also: ['WIC 15'],
    refused: false,
  },
  {
    id: 'X.5.2.2-6',
    on: ['TURN server'],
    says: 'The TURN server makes the password anew from USERNAME and Km.',
    also: ['TURN server 2'],
  },
  {
    id: 'X.5.2.2-7',
    on: ['TURN server'],
    says: 'It validates that the credential has not expired and the integrity of the request.',
    also: ['TURN server 3', 'X.5.2.2-6'],
  },
  {
    id: 'X.5.2.2-8',
    on: ['TURN server', 'WIC'],
    says: 'The Allocate answer gives the relayed address.',
    also: ['RFC 8656 7.2', 'X.5.2.2'],
    about: 'alloc|relay',
    refused: false,
  },
  {
    id: 'X.5.3.1 a',
    on: ['WAF', 'TURN server', 'WIC'],
    says: 'Access tokens for TURN with short lifetimes, bound to a session key whose possession is proven.',
    also: ['X.5.3.2-5', 'X.5.3.2-8', 'RFC 7635 4.2'],
  },
  {
    id: 'X.5.3.1 c',
    on: ['TURN server', 'WAF', 'WWSF'],
    says: 'No real user names in TURN messages.',
    also: ['TURN server 6', 'X.5.2.2-3'],
    about: 'user name|random|Tid|nobody|about a person|session to session',
    refused: false,
  },
  {
    id: 'X.5.3.2-2',
    on: ['WWSF', 'WIC'],
    says: 'The page asks the WWSF for a token.',
    refused: false,
  },
  {
    id: 'X.5.3.2-3',
    on: ['WWSF'],
    says: 'The WWSF has authenticated the user, or lends an identity; without a session there is no token.',
  },
  {
    id: 'X.5.3.2-4',
    on: ['WWSF', 'WAF'],
    says: 'The WWSF asks the WAF by client credentials; the GET form that the step shows is pointed to POST.',
    refused: 'pointer|pointed|credentials of the URL',
  },
  {
    id: 'X.5.3.2-5',
    on: ['WAF'],
    says: 'The WAF authenticates the WWSF and makes access token, session key and key id.',
    also: ['WAF 6', 'RFC 7635 4.1'],
  },
  {
    id: 'X.5.3.2-6',
    on: ['WWSF'],
    says: 'The WWSF forwards access token, session key and key id to the page.',
    also: ['WWSF 7'],
  },
  {
    id: 'X.5.3.2-7',
    on: ['WIC'],
    says: 'The client goes to the TURN server with key id, session key and access token (Node: browsers take none any more).',
    also: ['X.5.3.2'],
    refused: false,
  },
  {
    id: 'X.5.3.2-8',
    on: ['TURN server'],
    says: 'The TURN server allocates for who shows a valid token and has its session key.',
    also: ['TURN server 4'],
  },
];

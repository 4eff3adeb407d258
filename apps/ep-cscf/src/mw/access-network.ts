/**
 * What the network says of the access (TS 24.229 7.2A.4, TS 33.203 P.3).
 *
 * @module
 */
import { formatPAccessNetworkInfo } from '@wicgate/sip';

/**
 * P-Access-Network-Info of everybody on W2. No registered access type tells of a browser somewhere on the Internet; one
 * of our own still says what counts: without it the S-CSCF takes a REGISTER without Authorization for GIBA (P.4.2).
 */
export const accessNetwork: string = formatPAccessNetworkInfo({
  access: 'WebRTC',
  params: new Map([['network-provided', '']]),
});

/**
 * One value of the P-Access-Network-Info header field (RFC 7315 4.4 and 5.4; TS 24.229 7.2A.4).
 *
 *     access-net-spec = ( access-type / access-class ) *( SEMI access-info )
 *
 * @module
 */
import { formatTokenParams, parseTokenParams } from './token-params.ts';

/** The access network as one element saw it; from outside the trust domain it is a claim. */
export interface PAccessNetworkInfo {
  /** As written, e.g. `IEEE-802.11` or `3GPP-NR-FDD`; compare without regard to case. */
  readonly access: string;
  /** Names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parsePAccessNetworkInfo(value: string): PAccessNetworkInfo {
  const { token, params } = parseTokenParams(value, 'P-Access-Network-Info', 'access type');
  return { access: token, params };
}

/** @throws {TypeError} no token for an access type, or parameters out of the grammar. */
export function formatPAccessNetworkInfo({ access, params }: PAccessNetworkInfo): string {
  return formatTokenParams({ token: access, params });
}

/** Whether the network says so, and not the terminal (TS 24.229 7.2A.4.2): to be believed from trusted peers only. */
export function isNetworkProvided({ params }: PAccessNetworkInfo): boolean {
  return params.has('network-provided') || params.has('np');
}

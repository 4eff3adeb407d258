/**
 * Access to a TURN server by client credentials: the WWSF asks with the scope `turn`, and is answered a self-contained
 * access token, the session key bound to it and the id of the key it was made with (TS 33.203 X.5.3.2 steps 4 and 5,
 * RFC 7635 4.1).
 *
 * The WAF authenticates the WWSF alone; that the WWSF has a user is the WWSF's affair (X.5.3.2 NOTE 4).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createTurnAccess } from '@wicgate/turn-credentials';
import { errors } from 'oidc-provider';
import type { TurnTokens } from './turn-tokens.ts';

export const turnScope = 'turn';

/** What a client may ask besides, as in the example of RFC 7635 4.1. */
export const turnParameterNames = ['token_type', 'alg', 'aud'] as const;

export interface TurnGrantParts {
  /** Undefined: this WAF makes no such tokens. */
  readonly tokens: TurnTokens | undefined;
  readonly isAllowed: (clientId: string) => boolean;
  /** Told of each token. */
  readonly onIssued: (clientId: string) => void;
}

export interface TurnAccessAnswer {
  /** Base64, for ACCESS-TOKEN. */
  readonly access_token: string;
  readonly token_type: 'pop';
  readonly expires_in: number;
  readonly kid: string;
  /** Base64 of the session key. */
  readonly key: string;
  readonly alg: Algorithm;
  /** The TURN servers that it is good for: what they say in THIRD-PARTY-AUTHORIZATION. */
  readonly server_name: string;
}

type Algorithm = keyof typeof macKeyLengths;
type Parameters = Readonly<Record<string, unknown>>;

/** Octets of the session key, by the algorithm of MESSAGE-INTEGRITY and of MESSAGE-INTEGRITY-SHA256. */
const macKeyLengths = { 'HMAC-SHA-1': 20, 'HMAC-SHA-256-128': 32 } as const;

/**
 * The answer to an authenticated client.
 *
 * @throws {errors.InvalidScope} this WAF has no such tokens, or none for this client.
 * @throws {errors.InvalidTarget} they are for other servers.
 * @throws {errors.InvalidRequest} another parameter is wrong.
 */
export function grantTurnAccess(
  { tokens, isAllowed, onIssued }: TurnGrantParts,
  clientId: string,
  parameters: Parameters,
): TurnAccessAnswer {
  if (tokens === undefined)
    throw refused('a WAF that makes tokens for TURN servers: an operator sets WAF_TURN_KEYS_FILE');
  if (!isAllowed(clientId)) throw refused('a client that may have tokens for TURN servers');
  checkSubject(parameters);
  checkServer(parameters, tokens.serverName);
  const alg = readAlgorithm(parameters);
  const access = createTurnAccess({
    ...tokens,
    issuedAtMs: Date.now(),
    random: randomBytes,
    macKeyLength: macKeyLengths[alg],
  });
  onIssued(clientId);
  return {
    access_token: Buffer.from(access.accessToken).toString('base64'),
    token_type: 'pop',
    expires_in: tokens.lifetimeSeconds,
    kid: access.kid,
    key: Buffer.from(access.macKey).toString('base64'),
    alg,
    server_name: tokens.serverName,
  };
}

function refused(expected: string): errors.InvalidScope {
  return new errors.InvalidScope(`scope ${turnScope}: expected ${expected}`, turnScope);
}

/** The token is nobody's: a client that names somebody has misunderstood (TS 33.203 X.5.3.1 c). */
function checkSubject({ impi, impu, token_type: tokenType = 'pop' }: Parameters): void {
  if (impi !== undefined || impu !== undefined) {
    throw new errors.InvalidRequest(`expected neither impi nor impu with the scope ${turnScope}`);
  }
  if (tokenType !== 'pop') throw new errors.InvalidRequest('expected the token_type pop, or none');
}

function checkServer({ aud = undefined, resource }: Parameters, serverName: string): void {
  if (resource !== undefined) throw new errors.InvalidTarget(`expected no resource with the scope ${turnScope}`);
  if (aud !== undefined && aud !== serverName) {
    throw new errors.InvalidTarget('expected as aud the name of the TURN servers, WAF_TURN_SERVER_NAME, or none');
  }
}

function readAlgorithm({ alg = 'HMAC-SHA-1' }: Parameters): Algorithm {
  if (typeof alg === 'string' && Object.hasOwn(macKeyLengths, alg)) return alg as Algorithm;
  throw new errors.InvalidRequest(`expected as alg one of ${Object.keys(macKeyLengths).join(', ')}, or none`);
}

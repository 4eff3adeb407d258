/**
 * The Digest challenge (RFC 3261 20.44, 25.1; RFC 7616 3.3; RFC 8760 2; TS 24.229 7.2A.1 for `ik` and `ck`).
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { trimWhitespace } from '../grammar/trim.ts';
import { type AuthParams, formatAuthParams } from './authorization-params.ts';

/** Values are without quotes and escapes. */
export interface DigestChallenge {
  readonly scheme: 'Digest';
  /** Text to the user, and the name of the protection space; may be ''. */
  readonly realm: string;
  readonly nonce: string;
  /** As written; undefined means MD5. */
  readonly algorithm: string | undefined;
  /** Lower case, in the server's order; empty where the server knows RFC 2069 only. */
  readonly qop: readonly string[];
  readonly opaque: string | undefined;
  /** The response was right, but the nonce too old: answer the new one without asking the user. */
  readonly stale: boolean;
  /** URIs with spaces between; SIP gives them no meaning for a user agent (RFC 3261 22.1). */
  readonly domain: string | undefined;
  /** The user name may be sent as a hash (RFC 7616 3.4.4). */
  readonly userhash: boolean;
  /** Everything else, e.g. `charset`, `ik`, `ck`: names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** Takes a challenge from the parameters that {@link parseChallenges} read. @throws {HeaderMalformed} */
export function readDigestChallenge(params: AuthParams): DigestChallenge {
  const realm = params.need('realm');
  const nonce = params.need('nonce');
  const algorithm = params.takeToken('algorithm');
  const qop = readQop(params);
  const opaque = params.take('opaque');
  const stale = params.takeFlag('stale');
  const domain = params.take('domain');
  const userhash = params.takeFlag('userhash');
  return {
    scheme: 'Digest',
    realm,
    nonce,
    algorithm,
    qop,
    opaque,
    stale,
    domain,
    userhash,
    params: params.rest(),
  };
}

/**
 * Writes the challenge with the quotes RFC 3261 25.1 wants: `algorithm` and `stale` bare, `qop` quoted.
 *
 * @throws {TypeError} a value that the grammar has no place for.
 */
export function formatDigestChallenge(challenge: DigestChallenge): string {
  const { realm, nonce, algorithm, qop, opaque, stale, domain, userhash, params } = challenge;
  if (algorithm !== undefined && !isToken(algorithm)) throw new TypeError('algorithm: expected a token');
  if (!qop.every(isToken)) throw new TypeError('qop: expected tokens');
  const fields = [
    ['realm', realm],
    ['domain', domain],
    ['nonce', nonce],
    ['opaque', opaque],
    ['stale', stale ? 'true' : undefined],
    ['algorithm', algorithm],
    ['qop', qop.length === 0 ? undefined : qop.join(',')],
    ['userhash', userhash ? 'true' : undefined],
    ...params,
  ] as const;
  return `Digest ${formatAuthParams(fields, { bareQop: false })}`;
}

function readQop(params: AuthParams): readonly string[] {
  const value = params.take('qop');
  if (value === undefined) return [];
  const options = value
    .toLowerCase()
    .split(',')
    .map(trimWhitespace)
    .filter((option) => option !== '');
  if (!options.every(isToken)) params.fail('qop', 'tokens with commas between');
  return options;
}

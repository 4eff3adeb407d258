/**
 * Challenges of any scheme in WWW-Authenticate and Proxy-Authenticate (RFC 3261 20.27, 20.44; RFC 7235 4.1).
 *
 *     challenge = auth-scheme [ LWS auth-param *( COMMA auth-param ) ]
 *
 * RFC 3261 7.3.1 gives each challenge a header field of its own; RFC 7235 lets several share one, and those who came
 * from HTTP write them so. They are told apart: a name that no EQUAL follows is a scheme.
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { isToken } from '../grammar/characters.ts';
import { Scanner } from '../grammar/scanner.ts';
import { AuthParams, formatAuthParams } from './authorization-params.ts';
import { type BearerChallenge, readBearerChallenge } from './challenge-bearer.ts';
import { type DigestChallenge, readDigestChallenge } from './challenge-digest.ts';

/** A challenge of a scheme that is neither Digest nor Bearer. */
export interface OtherChallenge {
  readonly scheme: 'other';
  /** As written, e.g. `Negotiate`. */
  readonly name: string;
  /** Names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** One challenge; `scheme` tells which. */
export type Challenge = DigestChallenge | BearerChallenge | OtherChallenge;

/** More than a user agent can choose from. */
const maxChallenges = 16;

/**
 * The challenges of one header field from left to right.
 *
 * @throws {HeaderMalformed} one of them departs from its grammar. @throws {MessageTooLarge} there are more than 16.
 */
export function parseChallenges(value: string, header = 'WWW-Authenticate'): readonly Challenge[] {
  const scanner = new Scanner(header, value);
  const challenges: Challenge[] = [];
  let scheme: string | undefined = scanner.token('scheme');
  while (scheme !== undefined) {
    if (challenges.length >= maxChallenges) throw new MessageTooLarge('challenges in a header field', maxChallenges);
    const params = new AuthParams(scanner);
    const next = readParams(scanner, params);
    if (next === undefined) scanner.end();
    challenges.push(createChallenge(scheme, params));
    scheme = next;
  }
  return challenges;
}

/** One challenge, as a header field should hold it (RFC 3261 7.3.1). @throws {HeaderMalformed} */
export function parseChallenge(value: string, header = 'WWW-Authenticate'): Challenge {
  const [challenge, ...more] = parseChallenges(value, header);
  if (challenge === undefined || more.length > 0) return new Scanner(header, value).fail('one challenge', 0);
  return challenge;
}

/** Writes a challenge of any other scheme; the inverse of {@link parseChallenge}. @throws {TypeError} */
export function formatOtherChallenge({ name, params }: OtherChallenge): string {
  if (!isToken(name)) throw new TypeError('expected a token for a scheme');
  return params.size === 0 ? name : `${name} ${formatAuthParams(params, { bareQop: false })}`;
}

/** Fills `params`; the scheme of the next challenge, if one follows. */
function readParams(scanner: Scanner, params: AuthParams): string | undefined {
  if (!scanner.accept(',')) {
    if (scanner.isAtEnd) return undefined;
    scanner.whitespace();
    if (scanner.isAtEnd) return undefined;
    const at = scanner.offset;
    const name = scanner.token('parameter name');
    scanner.separator('=');
    params.add(name, at);
    if (!scanner.accept(',')) return undefined;
  }
  for (;;) {
    const at = scanner.offset;
    const text = scanner.token('parameter name or scheme');
    if (!scanner.accept('=')) return text;
    params.add(text, at);
    if (!scanner.accept(',')) return undefined;
  }
}

function createChallenge(scheme: string, params: AuthParams): Challenge {
  const name = scheme.toLowerCase();
  if (name === 'digest') return readDigestChallenge(params);
  if (name === 'bearer') return readBearerChallenge(params);
  return { scheme: 'other', name: scheme, params: params.rest() };
}

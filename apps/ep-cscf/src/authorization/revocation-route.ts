/**
 * `POST /revocations` of the operations listener: a WAF takes back a token or a whole session (RFC 7009 in spirit; the
 * interface is ours).
 *
 *     Authorization: Bearer <statement>      JWT, typ revocation+jwt, ES256 with the WAF's key, 60 s at most, used once
 *     { "jti": "…", "exp": 1700000000 }      or "sid"; exp: until when such tokens could be valid
 *
 * The answer 204 says that no such token registers any more and no registration stands on one.
 *
 * @module
 */
import type { OperationsAnswer, OperationsRequest, RouteHandler } from '@wicgate/node-kit';
import { z } from 'zod';
import { AccessTokenInvalid, reasonOf, WafUnreachable } from '../errors.ts';
import type { EpCscfLogger } from '../log-event.ts';
import type { TokenBucket } from '../w2/token-bucket.ts';
import type { RevocationList } from './revocation-list.ts';
import type { TrustedWafs } from './trusted-wafs.ts';
import { clockToleranceSeconds } from './waf-tokens.ts';

export type Revocation = { readonly issuer: string } & (
  | { readonly kind: 'jti'; readonly name: string }
  | { readonly kind: 'sid'; readonly name: string }
);

export interface RevocationRouteOptions {
  readonly wafs: Pick<TrustedWafs, 'verifyRevocation'>;
  readonly revocations: Pick<RevocationList, 'has' | 'add'>;
  /** Ends the registrations that stand on what is revoked; how many those were. Never rejects. */
  readonly end: (revocation: Revocation) => Promise<number>;
  /** Unix seconds. */
  readonly now: () => number;
  readonly log: EpCscfLogger;
  /** Bounds the lines about refusals. */
  readonly lines: Pick<TokenBucket, 'take'>;
  readonly count: (outcome: string) => void;
}

const maxStatementSeconds = 60;
/** No session is longer: a later time is a mistake, and would hold its place in the list. */
const maxAheadSeconds = 31 * 86_400;
const bearer = /^Bearer +(?<statement>[A-Za-z0-9\-._~+/]+=*)$/iu;
const name = z.string().min(1).max(255);
const exp = z.number().int().positive();
const bodySchema = z.union([z.strictObject({ jti: name, exp }), z.strictObject({ sid: name, exp })]);
const times = z.object({ iat: z.number(), exp: z.number(), jti: name });

export function createRevocationRoute(options: RevocationRouteOptions): RouteHandler {
  return async (request) => {
    const answer = await revoke(request, options);
    options.count(String(answer.status));
    return answer;
  };
}

async function revoke(request: OperationsRequest, options: RevocationRouteOptions): Promise<OperationsAnswer> {
  const { now, revocations, log } = options;
  const issuer = await authenticate(request, options);
  if (typeof issuer !== 'string') return issuer;
  const body = readBody(request.body);
  if (body === undefined || body.exp > now() + maxAheadSeconds) {
    return problem(400, 'expected {"jti" or "sid": text, "exp": Unix seconds, 31 days ahead at most}');
  }
  const { kind, name: revoked } = body;
  // A token is taken for a while after its end.
  const expiresAt = body.exp + clockToleranceSeconds;
  const isKept = expiresAt <= now() || revocations.add(issuer, kind, revoked, expiresAt);
  const ended = await options.end({ issuer, kind, name: revoked });
  log.info({ event: 'revocation.accepted', issuer, kind, ended });
  return isKept ? { status: 204 } : noRoom(options);
}

/** The issuer, or why the caller is none. */
async function authenticate(
  { headers }: OperationsRequest,
  options: RevocationRouteOptions,
): Promise<string | OperationsAnswer> {
  const { statement } = bearer.exec(headers.authorization ?? '')?.groups ?? {};
  if (statement === undefined) return unauthenticated('expected a Bearer statement of a WAF');
  try {
    const { issuer, claims } = await options.wafs.verifyRevocation(statement);
    return spend(issuer, times.safeParse(claims).data, options);
  } catch (error) {
    if (error instanceof WafUnreachable) return later('the keys of the WAF cannot be had');
    if (!(error instanceof AccessTokenInvalid)) throw error;
    if (options.lines.take()) options.log.warn({ event: 'revocation.refused', reason: reasonOf(error) });
    if (error.fault === 'issuer') return problem(403, 'expected a statement of a WAF that is trusted here');
    return unauthenticated('expected a valid statement: type revocation+jwt, issuer, audience, signature, times');
  }
}

/** What somebody overheard is worth nothing. @throws {AccessTokenInvalid} */
function spend(
  issuer: string,
  claims: z.output<typeof times> | undefined,
  options: RevocationRouteOptions,
): string | OperationsAnswer {
  const { revocations } = options;
  if (claims === undefined || claims.exp - claims.iat > maxStatementSeconds) throw new AccessTokenInvalid('claims');
  if (revocations.has(issuer, 'statement', claims.jti)) throw new AccessTokenInvalid('replayed');
  const isKept = revocations.add(issuer, 'statement', claims.jti, Math.ceil(claims.exp) + clockToleranceSeconds);
  return isKept ? issuer : noRoom(options);
}

function readBody(text: string): { kind: 'jti' | 'sid'; name: string; exp: number } | undefined {
  const { data } = bodySchema.safeParse(parseJson(text));
  if (data === undefined) return undefined;
  return 'jti' in data
    ? { kind: 'jti', name: data.jti, exp: data.exp }
    : { kind: 'sid', name: data.sid, exp: data.exp };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noRoom({ log }: RevocationRouteOptions): OperationsAnswer {
  log.error({ event: 'revocations.full', ...full });
  return later('the list of revocations is full');
}

const full = { effect: 'a revoked token may be used until it expires', action: 'raise EP_CSCF_REVOCATIONS' };

function later(detail: string): OperationsAnswer {
  return { ...problem(503, detail), headers: { 'retry-after': '10' } };
}

function unauthenticated(detail: string): OperationsAnswer {
  return { ...problem(401, detail), headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
}

function problem(status: number, detail: string): OperationsAnswer {
  return { status, body: { error: detail } };
}

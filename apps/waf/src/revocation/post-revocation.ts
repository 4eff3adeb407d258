/**
 * One revocation to one eP-CSCF: `POST` with a JWT that the WAF signs as it signs tokens (`typ` `revocation+jwt`).
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { importJWK, SignJWT } from 'jose';
import { RevocationRefused, RevocationUndelivered } from '../errors.ts';
import type { Keys } from '../keys.ts';
import type { PendingRevocation, PostRevocation } from './revocation-delivery.ts';

export interface PostingParts {
  readonly keys: Pick<Keys, 'signing'>;
  readonly issuer: string;
  readonly audience: string;
  /** Authorities to trust instead of the usual ones (PEM). */
  readonly ca: Buffer | undefined;
}

interface Way {
  readonly http: HttpAgent;
  readonly https: Agent;
  /** Aborts what is under way: what has not arrived stays in the queue. */
  readonly closed: AbortSignal;
}

const assertionSeconds = 30;
const answerMs = 3_000;
const connectionsAtOnce = 16;

export async function createPostRevocation(parts: PostingParts): Promise<PostRevocation & { close(): void }> {
  const sign = await createSigner(parts);
  const options = { keepAlive: true, maxSockets: connectionsAtOnce };
  const closed = new AbortController();
  const way: Way = {
    http: new HttpAgent(options),
    https: new Agent({ ...options, ca: parts.ca }),
    closed: closed.signal,
  };
  const post: PostRevocation = async (endpoint, revocation) => {
    const status = await send(new URL(endpoint), await sign(), bodyOf(revocation), way);
    if (status === 400) throw new RevocationRefused('expected 204 of the eP-CSCF, got 400');
    if (status !== 204) throw new RevocationUndelivered(`expected 204 of the eP-CSCF, got ${status}`);
  };
  const close = (): void => {
    closed.abort();
    way.http.destroy();
    way.https.destroy();
  };
  return Object.assign(post, { close });
}

async function createSigner({ keys, issuer, audience }: PostingParts): Promise<() => Promise<string>> {
  const [jwk] = keys.signing;
  if (jwk === undefined) throw new TypeError('expected a signing key');
  const key = await importJWK(jwk, jwk.alg);
  return () =>
    new SignJWT()
      .setProtectedHeader({ alg: jwk.alg, typ: 'revocation+jwt', kid: jwk.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${assertionSeconds}s`)
      .setJti(randomUUID())
      .sign(key);
}

function bodyOf({ kind, value, expires_at }: PendingRevocation): string {
  return JSON.stringify({ [kind]: value, exp: expires_at });
}

/** The status of the answer; the rest of it is nobody's business. @throws {RevocationUndelivered} */
function send(url: URL, assertion: string, body: string, way: Way): Promise<number> {
  const headers = {
    'authorization': `Bearer ${assertion}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  };
  const signal = AbortSignal.any([way.closed, AbortSignal.timeout(answerMs)]);
  const options = { method: 'POST', headers, signal };
  return new Promise((resolve, reject) => {
    const failed = ({ code }: NodeJS.ErrnoException): void =>
      reject(new RevocationUndelivered(`expected an answer of the eP-CSCF (${code ?? 'none came'})`));
    const sent =
      url.protocol === 'http:'
        ? httpRequest(url, { ...options, agent: way.http })
        : request(url, { ...options, agent: way.https });
    sent.on('error', failed);
    sent.once('response', (response) => {
      response.once('error', failed);
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.end(body);
  });
}

/**
 * A client and a server of Digest that talk without transactions, on a clock that stands still until it is moved.
 *
 * @module
 */
import { type DigestCredentials, parseDigestCredentials } from '../../headers/authorization-digest.ts';
import { Headers } from '../../headers/headers.ts';
import { noBody, type SipRequest, type SipResponse } from '../../messages/message.ts';
import { DigestClient, type DigestClientOptions } from '../digest-client.ts';
import type { DigestOutcome } from '../digest-outcome.ts';
import { createHa1, hashUsername } from '../digest-response.ts';
import { DigestServer, type DigestServerOptions } from '../digest-server.ts';
import { SealedNonces } from '../sealed-nonces.ts';

export const alice = { username: 'alice', password: 'wonderland' };
export const lifetimeMs = 60_000;

/** Octets that never come twice. */
export function createRandom(seed = 0): (length: number) => Uint8Array {
  let count = seed;
  return (length) => {
    count += 1;
    const octets = new Uint8Array(length);
    new DataView(octets.buffer).setUint32(length - 4, count);
    return octets;
  };
}

/** A request of a client, without Via. */
export function requestOf(
  method: string,
  { uri = 'sip:ims.example', callId = 'call', cseq = 1, body = noBody } = {},
): SipRequest {
  const headers = Headers.of(
    ['From', '<sip:alice@ims.example>;tag=1'],
    ['To', '<sip:alice@ims.example>'],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
  );
  return { method, requestUri: uri, headers, body };
}

export function responseOf(
  statusCode: number,
  fields: readonly (readonly [string, string])[] = [],
  body: Uint8Array = noBody,
): SipResponse {
  return { statusCode, reasonPhrase: '', headers: Headers.of(...fields), body };
}

/** A challenge of these parameters. */
export const challenge = (...params: readonly string[]): readonly [string, string] => [
  'WWW-Authenticate',
  `Digest ${params.join(',')}`,
];
/** A challenge of `ims.example` with qop. */
export const digest = (algorithm: string, nonce: string, ...more: readonly string[]): readonly [string, string] =>
  challenge('realm="ims.example"', `nonce="${nonce}"`, `algorithm=${algorithm}`, 'qop="auth"', ...more);
/** A 401. */
export const refusal = (...fields: readonly (readonly [string, string])[]): SipResponse => responseOf(401, fields);
/** The first credentials of a request. */
export const sentIn = (request: SipRequest): DigestCredentials =>
  parseDigestCredentials(request.headers.first('Authorization') ?? '');
export function createClient(options: Partial<DigestClientOptions> = {}): DigestClient {
  return new DigestClient({ findUser: () => alice, random: createRandom(1_000), ...options });
}

/** A server that knows alice, and what it makes of requests. */
export class DigestPeer {
  nowMs = 1_700_000_000_000;
  readonly realm: string;
  readonly server: DigestServer;
  readonly nonces: SealedNonces;
  readonly outcomes: DigestOutcome[] = [];
  readonly #infoName: string;
  readonly #users: readonly (typeof alice)[];

  constructor(options: Partial<DigestServerOptions> = {}, users: readonly (typeof alice)[] = [alice]) {
    const random = options.random ?? createRandom();
    this.nonces = new SealedNonces({ key: new Uint8Array(32), lifetimeMs, now: () => this.nowMs, random });
    this.realm = options.realm ?? 'ims.example';
    this.server = new DigestServer({ random, nonces: this.nonces, ...options, realm: this.realm });
    this.#infoName = options.asker === 'proxy' ? 'Proxy-Authentication-Info' : 'Authentication-Info';
    this.#users = users;
  }

  /** What the last request came to. */
  get last(): DigestOutcome | undefined {
    return this.outcomes.at(-1);
  }

  judge(request: SipRequest, bound = ''): DigestOutcome {
    const outcome = this.server.authenticate(
      request,
      ({ username, userhash, algorithm: { hash } }) => {
        const user = this.#users.find((known) => {
          const name = userhash ? hashUsername(hash, known.username, this.realm) : known.username;
          return name === username;
        });
        return user && createHa1(hash, { ...user, realm: this.realm });
      },
      { bound },
    );
    this.outcomes.push(outcome);
    return outcome;
  }

  /** 200 with the server's proof, or the challenge. */
  answer(
    request: SipRequest,
    { nextNonce, body = noBody }: { nextNonce?: boolean; body?: Uint8Array } = {},
  ): SipResponse {
    const outcome = this.judge(request);
    if (outcome.kind === 'accepted') {
      const options = nextNonce === undefined ? { body } : { nextNonce, body };
      return responseOf(200, [[this.#infoName, outcome.authenticationInfo(options)]], body);
    }
    return responseOf(this.server.statusCode, this.server.challenge({ stale: outcome.kind === 'stale' }));
  }
}

/**
 * HSS and S-CSCF of one user with an ISIM: real vectors, AKAv2-SHA-256 over TLS (TS 33.203 X.2.3.3, 6.1).
 *
 * It believes the edge's `integrity-protected="tls-connected"` and nothing else. A vector is good for one answer, a new
 * challenge kills the one before. So that a test can see them kept from the UE, it hands CK and IK out, which X.2.3.3
 * forbids.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  type AuthenticationVector,
  akaDigestPassword,
  createAuthenticationVector,
  createMilenage,
  formatAkaNonce,
  type Milenage,
  type MilenageKeys,
  nextSqn,
  parseAuts,
  resynchroniseSqn,
} from '@wicgate/aka';
import {
  createHa1,
  createResponse,
  type DigestCredentials,
  digestResponse,
  findDigestAlgorithm,
  formatAuthenticationInfo,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { findCredentials } from './digest-edge.ts';
import type { Answer } from './scripted-core.ts';

const realm = 'ims.example';
const algorithmName = 'AKAv2-SHA-256';
const amf: Uint8Array = new Uint8Array([0x80, 0]);

export class AkaRegistrar {
  /** SQN_HE: the last number that was given out. */
  sqn = 0;
  readonly #impi: string;
  readonly #milenage: Milenage;
  readonly #accept: Answer;
  #open: { readonly nonce: string; readonly vector: AuthenticationVector } | undefined;
  /** Every CK and IK that it has computed, in hexadecimal. */
  readonly sessionKeys: string[] = [];

  /** `accept` makes the 200. */
  constructor(impi: string, keys: MilenageKeys, accept: Answer) {
    this.#impi = impi;
    this.#milenage = createMilenage(keys);
    this.#accept = accept;
  }

  answer(request: SipRequest): SipResponse | undefined {
    const credentials = findCredentials(request);
    const isOverTls = credentials?.params.get('integrity-protected') === 'tls-connected';
    const isAkaV2 = credentials?.algorithm === algorithmName;
    if (!isOverTls || !isAkaV2 || credentials.username !== this.#impi) return refuse(request);
    const open = this.#open;
    if (credentials.nonce === '') return this.#challenge(request);
    if (open === undefined || credentials.nonce !== open.nonce) return refuse(request);
    this.#open = undefined;
    const auts = credentials.params.get('auts');
    if (auts !== undefined) return this.#resynchronise(request, auts, open.vector);
    return this.#verify(request, credentials, open.vector);
  }

  #challenge(request: SipRequest): SipResponse {
    this.sqn = nextSqn(this.sqn);
    const source = { milenage: this.#milenage, amf, sqn: this.sqn, rand: randomBytes(16) };
    const vector = createAuthenticationVector(source);
    const nonce = formatAkaNonce(vector);
    this.#open = { nonce, vector };
    const [ck, ik] = [vector.ck, vector.ik].map((key) => Buffer.from(key).toString('hex'));
    this.sessionKeys.push(`${ck}`, `${ik}`);
    const challenge = `Digest realm="${realm}",nonce="${nonce}",qop="auth",algorithm=${algorithmName},ck="${ck}",ik="${ik}"`;
    return createResponse(request, 401, { toTag: 'registrar', headers: [['WWW-Authenticate', challenge]] });
  }

  #resynchronise(request: SipRequest, auts: string, { rand }: AuthenticationVector): SipResponse {
    const resynchronisation = { milenage: this.#milenage, rand, auts: parseAuts(auts), sqnHe: this.sqn };
    this.sqn = resynchroniseSqn(resynchronisation);
    return this.#challenge(request);
  }

  #verify(
    request: SipRequest,
    credentials: DigestCredentials,
    { xres, ck, ik }: AuthenticationVector,
  ): SipResponse | undefined {
    const algorithm = findDigestAlgorithm(algorithmName);
    if (algorithm === undefined) throw new TypeError('expected an algorithm that is known');
    const password = akaDigestPassword(algorithmName, { res: xres, ck, ik });
    const ha1 = createHa1(algorithm.hash, { username: this.#impi, realm, password });
    const input = { ...credentials, algorithm, ha1, body: request.body };
    if (digestResponse({ ...input, method: request.method }) !== credentials.response) return refuse(request);
    const response = this.#accept(request);
    if (response === undefined) return undefined;
    const { qop, cnonce, nonceCount } = credentials;
    const rspauth = digestResponse({ ...input, method: '' });
    const info = formatAuthenticationInfo({
      nextNonce: undefined,
      qop,
      rspauth,
      cnonce,
      nonceCount,
      params: new Map(),
    });
    return { ...response, headers: response.headers.with('Authentication-Info', info) };
  }
}

function refuse(request: SipRequest): SipResponse {
  return createResponse(request, 403, { toTag: 'registrar' });
}

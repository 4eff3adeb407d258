/**
 * A home network that authenticates by AKAv2-SHA-256 (TS 33.203 X.2.3.3, 6.1), and the SIM of its one subscriber.
 *
 * @module
 */
import {
  akaDigestAnswer,
  akaDigestPassword,
  createAuthenticationVector,
  createMilenage,
  formatAkaNonce,
  type MilenageKeys,
  nextSqn,
  parseAkaNonce,
  parseAuts,
  resynchroniseSqn,
  type SequenceStore,
  SoftIsim,
} from '@wicgate/aka';
import {
  createHa1,
  createResponse,
  type DigestCredentials,
  digestResponse,
  formatAuthenticationInfo,
  parseDigestCredentials,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { AkaCredentials } from '../registration/aka-credentials.ts';
import type { DigestVerdict } from './in-memory-digest.ts';

type Pair = readonly [name: string, value: string];

interface Vector {
  readonly rand: Uint8Array;
  readonly password: string;
}

const algorithm = { hash: 'SHA-256', session: false, aka: 2 } as const;
const realm = 'ims.example';
const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));

export class InMemoryAka {
  readonly keys: MilenageKeys = { k: random(16), opc: random(16) };
  /** Of the home network; grows with each vector. */
  sqn = 0;
  /** The name that the challenge gives its algorithm. */
  algorithm = 'AKAv2-SHA-256';
  /** What the 200 says of the network. */
  proof: 'right' | 'wrong' | 'none' = 'right';
  /** Whether a challenge that the SIM found wrong is followed by another one. */
  asksAgain = false;
  /** Whether what AUTS tells is heeded. */
  resynchronises = true;
  /** What the terminal told of failures, oldest first. */
  readonly reports: ('synchronisation failure' | 'mac failure')[] = [];
  readonly #vectors = new Map<string, Vector>();

  /** The SIM: one for each call, all with the numbers of `store`. */
  credentials(impi: string, { keys = this.keys, store = createStore() } = {}): AkaCredentials {
    const isim = new SoftIsim({ keys, store });
    return {
      kind: 'aka',
      impi,
      authenticate: async (nonce) => {
        const { rand, autn } = parseAkaNonce(nonce);
        const answer = akaDigestAnswer('AKAv2-SHA-256', await isim.authenticate(rand, autn));
        if (answer === undefined) return { kind: 'mac failure' };
        const { password, auts } = answer;
        return auts === undefined
          ? { kind: 'password', password: String(password) }
          : { kind: 'synchronisation failure', auts };
      },
    };
  }

  /** Drops the challenges that are not answered yet. */
  forget(): void {
    this.#vectors.clear();
  }

  judge(request: SipRequest): DigestVerdict {
    const value = request.headers.first('Authorization');
    const credentials = value === undefined ? undefined : parseDigestCredentials(value);
    if (credentials === undefined || credentials.nonce === '') return this.#challenge(request);
    const vector = this.#vectors.get(credentials.nonce);
    // One vector, one use.
    this.#vectors.delete(credentials.nonce);
    if (vector === undefined) return this.#challenge(request);
    if (credentials.response === '') return this.#onMacFailure(request);
    const auts = credentials.params.get('auts');
    return auts === undefined
      ? this.#verify(request, credentials, vector)
      : this.#onSynchronisationFailure(request, auts, vector);
  }

  #challenge(request: SipRequest): DigestVerdict {
    this.sqn = nextSqn(this.sqn);
    const milenage = createMilenage(this.keys);
    const source = { milenage, amf: new Uint8Array([0x80, 0]), sqn: this.sqn, rand: random(16) };
    const { rand, autn, xres, ck, ik } = createAuthenticationVector(source);
    const nonce = formatAkaNonce({ rand, autn });
    this.#vectors.set(nonce, { rand, password: String(akaDigestPassword('AKAv2-SHA-256', { res: xres, ck, ik })) });
    const challenge = `Digest realm="${realm}",nonce="${nonce}",qop="auth",algorithm=${this.algorithm}`;
    return { kind: 'refused', response: answer(request, 401, [['WWW-Authenticate', challenge]]) };
  }

  #onMacFailure(request: SipRequest): DigestVerdict {
    this.reports.push('mac failure');
    return this.asksAgain ? this.#challenge(request) : { kind: 'refused', response: answer(request, 403) };
  }

  #onSynchronisationFailure(request: SipRequest, auts: string, { rand }: Vector): DigestVerdict {
    this.reports.push('synchronisation failure');
    const milenage = createMilenage(this.keys);
    const sqn = resynchroniseSqn({ milenage, rand, auts: parseAuts(auts), sqnHe: this.sqn });
    if (this.resynchronises) this.sqn = sqn;
    return this.#challenge(request);
  }

  #verify(request: SipRequest, credentials: DigestCredentials, { password }: Vector): DigestVerdict {
    const ha1 = createHa1('SHA-256', { username: credentials.username, realm, password });
    const { body } = request;
    const expected = digestResponse({ ...credentials, algorithm, ha1, method: 'REGISTER', body });
    if (expected !== credentials.response) return { kind: 'refused', response: answer(request, 403) };
    if (this.proof === 'none') return { kind: 'accepted', headers: [] };
    const right = digestResponse({ ...credentials, algorithm, ha1, method: '', body });
    const { cnonce, nonceCount, qop } = credentials;
    const rspauth = this.proof === 'right' ? right : '0'.repeat(right.length);
    const info = { nextNonce: undefined, qop, rspauth, cnonce, nonceCount, params: new Map() };
    return { kind: 'accepted', headers: [['Authentication-Info', formatAuthenticationInfo(info)]] };
  }
}

function createStore(): SequenceStore {
  let saved: unknown;
  return {
    load: async () => saved,
    save: async (state) => {
      saved = state;
    },
  };
}

function answer(request: SipRequest, statusCode: number, headers: readonly Pair[] = []): SipResponse {
  return createResponse(request, statusCode, { toTag: 'core', headers });
}

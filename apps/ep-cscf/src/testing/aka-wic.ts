/**
 * A WIC that registers by IMS AKA with AKAv2-SHA-256, with a soft ISIM behind it (TS 33.203 X.2.3.3).
 *
 * The WIC learns the Digest password, or AUTS, or that the challenge is not the network's; CK and IK it never sees.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  type AkaDigestAnswer,
  akaDigestAnswer,
  type MilenageKeys,
  parseAkaNonce,
  type SequenceState,
  SoftIsim,
} from '@wicgate/aka';
import { DigestClient, parseChallenge, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { RequestParts, WicClient } from './wic-client.ts';

export interface AkaWicOptions {
  readonly keys: MilenageKeys;
  /** `<name>@ims.example` unless given. */
  readonly impi?: string;
}

let sent = 0;

export class AkaWic {
  readonly wic: WicClient;
  readonly impi: string;
  readonly client: DigestClient;
  /** The REGISTER that was sent last. */
  last: SipRequest | undefined;
  readonly #isim: SoftIsim;
  #state: SequenceState | undefined;
  #answer: AkaDigestAnswer | undefined;

  constructor(wic: WicClient, { keys, impi }: AkaWicOptions) {
    this.wic = wic;
    this.impi = impi ?? `${wic.name}@ims.example`;
    const save = (state: SequenceState): Promise<void> => {
      this.#state = state;
      return Promise.resolve();
    };
    this.#isim = new SoftIsim({ keys, store: { load: () => Promise.resolve(this.#state), save } });
    const user = { username: this.impi, aka: () => this.#answer };
    this.client = new DigestClient({ findUser: () => user, random: (length) => randomBytes(length) });
  }

  /** SM1: names the user and the algorithm, and answers nothing yet. */
  first(parts: RequestParts = {}): SipRequest {
    const named = `Digest username="${this.impi}",realm="ims.example",nonce="",uri="sip:ims.example",response=""`;
    const headers = [['Authorization', `${named},algorithm=AKAv2-SHA-256`] as const, ...(parts.headers ?? [])];
    return this.wic.create('REGISTER', { ...parts, headers });
  }

  /** The final response; challenges are answered as the ISIM says, one for a new sequence number included. */
  async register(parts: RequestParts = {}): Promise<SipResponse> {
    let request = this.first(parts);
    let response = await this.exchange(request);
    for (let challenges = 0; response.statusCode === 401 && challenges < 2; challenges += 1) {
      request = await this.answer(request, response);
      response = await this.exchange(request);
    }
    return response;
  }

  /** SM7: the answer to the challenge in `response`. */
  async answer(request: SipRequest, response: SipResponse): Promise<SipRequest> {
    const challenge = parseChallenge(response.headers.first('WWW-Authenticate') ?? '');
    if (challenge.scheme !== 'Digest') throw new TypeError('expected a Digest challenge first');
    const { rand, autn } = parseAkaNonce(challenge.nonce);
    this.#answer = akaDigestAnswer('AKAv2-SHA-256', await this.#isim.authenticate(rand, autn));
    const unanswered = { ...request, headers: request.headers.without('Authorization') };
    return this.client.retry(unanswered, response);
  }

  /** Sends `request` as a transaction of its own. */
  exchange(request: SipRequest): Promise<SipResponse> {
    sent += 1;
    const via = `SIP/2.0/WSS ${this.wic.name}.invalid;branch=z9hG4bKaka${sent}`;
    this.last = { ...request, headers: request.headers.without('Via').prepend('Via', via) };
    return this.wic.exchange(this.last);
  }
}

/**
 * A user of SIP Digest behind the scripted eP-CSCF, or at a listener of the core for everybody.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, formatAuthorization, type SipRequest, type SipResponse } from '@wicgate/sip';
import { type AkaSubscriber, provisionedKeys } from './aka-subscriber.ts';
import type { RegisterFields } from './scripted-edge.ts';
import type { TestNetwork } from './test-network.ts';

export interface DigestCallerOptions {
  readonly password?: string;
  /** What the eP-CSCF says of REGISTERs with an answer; '' says nothing. */
  readonly protection?: string;
  /** The ISIM, of a user of AKA. */
  readonly aka?: AkaSubscriber;
  /** What the first REGISTER names; AKAv2 needs it (TS 33.203 P.3). */
  readonly algorithm?: string;
}

/** What the eP-CSCF of a WIC writes (TS 33.203 P.3). */
export const wicAccess = ['P-Access-Network-Info', 'IEEE-802.11;network-provided'] as const;

/** One REGISTER and its answer. */
export interface Round {
  readonly request: SipRequest;
  readonly response: SipResponse;
}

export class DigestCaller {
  readonly user: string;
  readonly client: DigestClient;
  readonly #network: TestNetwork;
  readonly #options: DigestCallerOptions;
  #cseq = 0;

  constructor(network: TestNetwork, user: string, options: DigestCallerOptions = {}) {
    const { password = `${user}-demo`, aka } = options;
    const secret = aka === undefined ? { password } : { aka: aka.answer };
    this.user = user;
    this.#network = network;
    this.#options = options;
    this.client = new DigestClient({
      findUser: () => ({ username: `${user}@ims.example`, ...secret }),
      random: (length) => randomBytes(length),
      requireServerProof: true,
    });
  }

  /** A subscription with the password of this user, or the keys of their ISIM. */
  async provision(fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { user } = this;
    const { aka } = this.#options;
    await this.#network.hss.subscriptions.create({
      impi: `${user}@ims.example`,
      impus: [{ impu: `sip:${user}@ims.example` }, { impu: `sip:${user}.work@ims.example` }],
      ...(aka === undefined ? { digest: { password: `${user}-demo` } } : { aka: provisionedKeys }),
      ...fields,
    });
  }

  /** Without an answer to any challenge, as the first one is. */
  createRegister(fields: RegisterFields = {}): SipRequest {
    this.#cseq += 1;
    return this.#network.edge.createRegister(this.user, {
      authorization: this.#first(),
      callId: `call-of-${this.user}`,
      cseq: this.#cseq,
      headers: [wicAccess],
      ...fields,
    });
  }

  /** Credentials without an answer, where the user names an algorithm. */
  #first(): readonly string[] {
    const { algorithm } = this.#options;
    if (algorithm === undefined) return [];
    const params = { username: `${this.user}@ims.example`, realm: 'ims.example', uri: 'sip:ims.example', nonce: '' };
    return [`${formatAuthorization('Digest', { ...params, response: '' })},algorithm=${algorithm}`];
  }

  /** To the I-CSCF, with the statement of the eP-CSCF where there is an answer. */
  async send(request: SipRequest, protection: string = this.#options.protection ?? 'tls-pending'): Promise<Round> {
    const { edge, iCscf } = this.#network;
    const sent = protect(request, protection);
    const response = await (await edge.send(sent, iCscf)).final;
    return { request, response };
  }

  /** The first REGISTER, which is challenged. */
  async challenged(fields: RegisterFields = {}): Promise<Round> {
    return this.send(this.createRegister(fields));
  }

  /** The answer to the challenge of `round`. */
  answer({ request, response }: Round): SipRequest {
    this.#cseq += 1;
    return this.client.retry(request, response);
  }

  /** Both REGISTERs of a registration, or the one that the nonce is known for. The server's proof is checked. */
  async register(fields: RegisterFields = {}): Promise<SipResponse> {
    const first = await this.send(this.client.authorize(this.createRegister(fields)));
    const last = first.response.statusCode === 401 ? await this.send(this.answer(first)) : first;
    if (last.response.statusCode === 200) this.client.confirm(last.request, last.response);
    return last.response;
  }
}

function protect(request: SipRequest, protection: string): SipRequest {
  const authorization = request.headers.first('Authorization');
  if (authorization === undefined || protection === '') return request;
  const value = `${authorization},integrity-protected="${protection}"`;
  return { ...request, headers: request.headers.set('Authorization', value) };
}

/**
 * Sends REGISTER requests and reads the answers: one Call-ID and a growing CSeq for the life of the page
 * (RFC 3261 10.2).
 *
 * @module
 */
import { keepOffer, readKeep, type SipRequest, type SipResponse, TransportFailed } from '@wicgate/sip';
import type { Line } from '../flow/line.ts';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import { createToken, type Platform } from '../platform.ts';
import type { WicOptions } from '../wic.ts';
import type { Authentication } from './authentication.ts';
import { readInstanceId } from './instance-id.ts';
import { type RegisterOutcome, readRegisterOutcome } from './register-outcome.ts';
import { createRegister } from './register-request.ts';

export interface RegistrarOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly wic: Pick<WicOptions, 'impu' | 'displayName' | 'homeDomain'>;
  readonly contactUri: string;
}

/** What is asked for; the network may grant less (TS 24.229 5.1.1.2.1). */
const wantedSeconds = 600_000;
const maxSeconds = 2_147_483_647;
/** The first one, and nonces that have grown too old meanwhile. */
const maxChallenges = 4;

export class Registrar {
  /** The URN in `+sip.instance` of our Contact. */
  readonly instanceId: string;
  readonly #options: RegistrarOptions;
  readonly #callId: string;
  readonly #fromTag: string;
  #sequence = 0;
  /** Counts the exchanges: one that waits for a person while another one starts is over. */
  #exchange = 0;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#callId = createToken(options.platform);
    this.#fromTag = createToken(options.platform);
    this.instanceId = readInstanceId(options.platform);
  }

  /** `isNewFlow`: nothing was registered on this connection yet. Rejects with a SipError: it broke, or nobody answered. */
  async register(authentication: Authentication, isNewFlow: boolean): Promise<RegisterOutcome> {
    const outcome = await this.#ask(authentication, wantedSeconds, isNewFlow);
    if (outcome.type !== 'too brief') return outcome;
    if (outcome.minSeconds <= wantedSeconds || outcome.minSeconds > maxSeconds) return { type: 'refused' };
    const second = await this.#ask(authentication, outcome.minSeconds, isNewFlow);
    return second.type === 'too brief' ? { type: 'refused' } : second;
  }

  async deregister(authentication: Authentication): Promise<void> {
    await this.#ask(authentication, 0, false);
  }

  /** Answers the challenges on the way. */
  async #ask(authentication: Authentication, expiresSeconds: number, mustProve: boolean): Promise<RegisterOutcome> {
    this.#exchange += 1;
    const exchange = this.#exchange;
    const { flow } = this.#options.line;
    let request = authentication.authorize(this.#create(expiresSeconds));
    for (let challenges = 0; challenges < maxChallenges; challenges += 1) {
      const response = await this.#options.line.ask(request, keepOffer);
      keepAlive(flow, response);
      const judging = authentication.judge(request, response, { isFirst: challenges === 0, mustProve });
      const judgement = judging instanceof Promise ? await judging : judging;
      if (judgement === undefined) return this.#read(response, expiresSeconds);
      if (judgement.type !== 'again') return judgement;
      if (exchange !== this.#exchange || flow !== this.#options.line.flow) {
        throw new TransportFailed('the connection or the exchange is another one by now');
      }
      request = this.#renumber(judgement.request);
    }
    return { type: 'try again', afterMs: undefined };
  }

  #read(response: SipResponse, expiresSeconds: number): RegisterOutcome {
    const { platform, wic, contactUri } = this.#options;
    return readRegisterOutcome(response, {
      impu: wic.impu,
      contactUri,
      instanceId: this.instanceId,
      expiresSeconds,
      nowMs: platform.clock.now(),
    });
  }

  #create(expiresSeconds: number): SipRequest {
    const { wic, contactUri } = this.#options;
    this.#sequence += 1;
    return createRegister({
      impu: wic.impu,
      displayName: wic.displayName,
      homeDomain: wic.homeDomain,
      contactUri,
      instanceId: this.instanceId,
      callId: this.#callId,
      fromTag: this.#fromTag,
      sequence: this.#sequence,
      expiresSeconds,
    });
  }

  #renumber(request: SipRequest): SipRequest {
    this.#sequence += 1;
    return { ...request, headers: request.headers.set('CSeq', `${this.#sequence} REGISTER`) };
  }
}

/** What the next hop says of our offer to keep the flow alive (RFC 6223 4.3), in a 2xx. */
function keepAlive(flow: WebSocketFlow | undefined, response: SipResponse): void {
  const seconds = response.statusCode < 300 ? readKeep(response) : undefined;
  if (seconds !== undefined) flow?.keepAliveEvery(seconds);
}

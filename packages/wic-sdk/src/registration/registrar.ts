/**
 * Sends REGISTER requests and reads the answers: one Call-ID and a growing CSeq for the life of the page
 * (RFC 3261 10.2).
 *
 * @module
 */
import type { SipResponse } from '@wicgate/sip';
import type { Line } from '../flow/line.ts';
import { createToken, type Platform } from '../platform.ts';
import type { WicOptions } from '../wic.ts';
import { readInstanceId } from './instance-id.ts';
import { type RegisterOutcome, readRegisterOutcome } from './register-outcome.ts';
import { type BearerSyntax, createRegister } from './register-request.ts';

export interface RegistrarOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly wic: WicOptions;
  readonly bearerSyntax: BearerSyntax;
  readonly contactUri: string;
}

/** What is asked for; the network may grant less (TS 24.229 5.1.1.2.1). */
const wantedSeconds = 600_000;
const maxSeconds = 2_147_483_647;

export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #callId: string;
  readonly #fromTag: string;
  readonly #instanceId: string;
  #sequence = 0;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#callId = createToken(options.platform);
    this.#fromTag = createToken(options.platform);
    this.#instanceId = readInstanceId(options.platform);
  }

  /** Rejects with a SipError: the flow broke, or nobody answered. */
  async register(accessToken: string): Promise<RegisterOutcome> {
    const outcome = await this.#ask(accessToken, wantedSeconds);
    if (outcome.type !== 'too brief') return outcome;
    if (outcome.minSeconds <= wantedSeconds || outcome.minSeconds > maxSeconds) return { type: 'refused' };
    const second = await this.#ask(accessToken, outcome.minSeconds);
    return second.type === 'too brief' ? { type: 'refused' } : second;
  }

  async deregister(accessToken: string): Promise<void> {
    await this.#send(accessToken, 0);
  }

  async #ask(accessToken: string, expiresSeconds: number): Promise<RegisterOutcome> {
    const { platform, wic, contactUri } = this.#options;
    const response = await this.#send(accessToken, expiresSeconds);
    return readRegisterOutcome(response, {
      impu: wic.impu,
      contactUri,
      instanceId: this.#instanceId,
      expiresSeconds,
      nowMs: platform.clock.now(),
    });
  }

  #send(accessToken: string, expiresSeconds: number): Promise<SipResponse> {
    const { line, wic, bearerSyntax, contactUri } = this.#options;
    this.#sequence += 1;
    const request = createRegister({
      impu: wic.impu,
      displayName: wic.displayName,
      homeDomain: wic.homeDomain,
      contactUri,
      instanceId: this.#instanceId,
      callId: this.#callId,
      fromTag: this.#fromTag,
      sequence: this.#sequence,
      expiresSeconds,
      accessToken,
      bearerSyntax,
    });
    // `keep` offers keep-alives on this flow (RFC 6223 5).
    return line.ask(request, [['keep', '']]);
  }
}

/**
 * A WIC that registers by SIP Digest, step by step.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { RequestParts, WicClient } from './wic-client.ts';

export interface DigestWicOptions {
  /** `<name>@ims.example` unless given. */
  readonly impi?: string;
  /** `<name>-demo` unless given. */
  readonly password?: string;
}

let sent = 0;

export class DigestWic {
  readonly wic: WicClient;
  readonly client: DigestClient;
  /** The REGISTER that was sent last. */
  last: SipRequest | undefined;

  constructor(wic: WicClient, options: DigestWicOptions = {}) {
    this.wic = wic;
    const user = {
      username: options.impi ?? `${wic.name}@ims.example`,
      password: options.password ?? `${wic.name}-demo`,
    };
    this.client = new DigestClient({ findUser: () => user, random: (length) => randomBytes(length) });
  }

  /** The final response to a REGISTER; one challenge is answered on the way. */
  async register(parts: RequestParts = {}): Promise<SipResponse> {
    const request = this.client.authorize(this.wic.create('REGISTER', parts));
    const response = await this.exchange(request);
    if (response.statusCode !== 401) return response;
    return this.exchange(this.client.retry(request, response));
  }

  /** Sends `request` as a transaction of its own. */
  exchange(request: SipRequest): Promise<SipResponse> {
    sent += 1;
    const via = `SIP/2.0/WSS ${this.wic.name}.invalid;branch=z9hG4bKdigest${sent}`;
    this.last = { ...request, headers: request.headers.without('Via').prepend('Via', via) };
    return this.wic.exchange(this.last);
  }
}

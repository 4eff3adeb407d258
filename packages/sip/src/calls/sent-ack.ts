/**
 * The ACK of a 2xx, which goes out again, the same to the last octet, for each copy of the 2xx (RFC 3261 13.2.2.4).
 *
 * @module
 */
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import type { CallContext } from './call-context.ts';

export class SentAck<F extends Flow = Flow> {
  readonly #context: CallContext<F>;
  readonly #ack: SipRequest;
  #flow: F;

  /** Sends `ack`, which has no Via yet, by `flow` or where the program wants it. */
  constructor(context: CallContext<F>, ack: SipRequest, flow: F) {
    this.#context = context;
    this.#ack = ack;
    this.#flow = flow;
    this.repeat();
  }

  /** A copy of the 2xx has come. */
  repeat(): void {
    this.#flow = this.#context.selectFlow(this.#ack, this.#flow);
    this.#context.layer.sendAck(this.#ack, this.#flow);
  }
}

/**
 * The ACK of a 2xx, which goes out again, the same to the last octet, for each copy of the 2xx (RFC 3261 13.2.2.4).
 *
 * @module
 */
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import { OwnVias } from '../transactions/own-vias.ts';
import type { CallContext } from './call-context.ts';

export class SentAck<F extends Flow = Flow> {
  readonly #context: CallContext<F>;
  readonly #ack: SipRequest;
  #flow: F;
  #sent: SipRequest;

  /** Sends `ack`, which has no Via yet, by `flow` or where the program wants it. */
  constructor(context: CallContext<F>, ack: SipRequest, flow: F) {
    this.#context = context;
    this.#ack = ack;
    this.#flow = context.selectFlow(ack, flow);
    this.#sent = this.#withVia();
    this.#send();
  }

  /** A copy of the 2xx has come. On another flow it is another ACK. */
  repeat(): void {
    const flow = this.#context.selectFlow(this.#ack, this.#flow);
    if (flow !== this.#flow) {
      this.#flow = flow;
      this.#sent = this.#withVia();
    }
    this.#send();
  }

  #withVia(): SipRequest {
    const via = new OwnVias<F>().format(this.#flow, `z9hG4bK${this.#context.layer.createToken()}`);
    return { ...this.#ack, headers: this.#ack.headers.prepend('Via', via) };
  }

  #send(): void {
    // Nobody waits for an answer: a lost ACK is asked for again by the next 2xx.
    this.#flow.send(this.#sent).catch(() => undefined);
  }
}

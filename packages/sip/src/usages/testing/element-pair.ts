/**
 * Two SIP elements with a flow in memory between them and one virtual clock.
 *
 * @module
 */
import { createResponse } from '../../messages/create-response.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../../messages/message.ts';
import { MemoryFlow } from '../../testing/memory-flow.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { type ServerTransaction, TransactionLayer } from '../../transactions/transaction-layer.ts';
import type { SendRequest } from '../send-request.ts';

export class PairedElement {
  readonly flow: MemoryFlow;
  readonly layer: TransactionLayer<MemoryFlow>;
  /** Takes requests; what it returns false for is answered 481. */
  receive: (transaction: ServerTransaction<MemoryFlow>) => boolean = () => false;
  readonly #name: string;
  #tokens = 0;

  constructor(name: string, clock: VirtualClock, flow: MemoryFlow) {
    this.#name = name;
    this.flow = flow;
    this.layer = new TransactionLayer<MemoryFlow>({
      clock,
      createToken: () => this.createToken(),
      user: { onRequest: (transaction) => this.#onRequest(transaction), onAck: () => {}, onStrayResponse: () => {} },
    });
    flow.onMessage = (message) => this.layer.receive(message, flow);
  }

  readonly send: SendRequest = (request, inform) => void this.layer.request(request, this.flow, inform);

  readonly createToken = (): string => {
    this.#tokens += 1;
    return `${this.#name}${this.#tokens}`;
  };

  get requests(): readonly SipRequest[] {
    return this.flow.sent.filter(isRequest);
  }

  get responses(): readonly SipResponse[] {
    return this.flow.sent.filter((message): message is SipResponse => !isRequest(message));
  }

  #onRequest(transaction: ServerTransaction<MemoryFlow>): void {
    if (!this.receive(transaction)) transaction.respond(createResponse(transaction.request, 481, { toTag: 'none' }));
  }
}

export class ElementPair {
  readonly clock = new VirtualClock();
  readonly alice: PairedElement;
  readonly bob: PairedElement;

  constructor(transport = 'TCP') {
    const options = { clock: this.clock, transport, sentBy: 'alice.example:5060' };
    const [alice, bob] = MemoryFlow.pair(options, 'bob.example:5060');
    this.alice = new PairedElement('alice', this.clock, alice);
    this.bob = new PairedElement('bob', this.clock, bob);
  }
}

/** In short: methods with the value of a header field where there is one, and status codes. */
export function outlineOf(messages: readonly SipMessage[], header: string): readonly string[] {
  return messages.map((message) => {
    const name = isRequest(message) ? message.method : String(message.statusCode);
    const value = message.headers.first(header);
    return value === undefined ? name : `${name} ${value}`;
  });
}

/**
 * A SIP element in memory: its transaction layer, what its user saw, and requests to send to it.
 *
 * @module
 */
import { encodeUtf8 } from '../grammar/utf8.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import type { ServerEvent } from '../transactions/transaction-host.ts';
import { type ServerTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import { MemoryFlow } from './memory-flow.ts';
import { VirtualClock } from './virtual-clock.ts';

/** One element: its layer, what its user saw, and the two ends of a flow to it. */
export class MemoryElement {
  readonly clock = new VirtualClock();
  readonly transactions: ServerTransaction<MemoryFlow>[] = [];
  readonly acks: SipRequest[] = [];
  readonly strays: SipResponse[] = [];
  readonly serverEvents: ServerEvent[] = [];
  readonly layer: TransactionLayer<MemoryFlow>;
  #tokens = 0;

  constructor(maxServerTransactions = 1_000) {
    this.layer = new TransactionLayer<MemoryFlow>({
      clock: this.clock,
      createToken: () => {
        this.#tokens += 1;
        return `token${this.#tokens}`;
      },
      maxServerTransactions,
      user: {
        onRequest: (transaction) => this.transactions.push(transaction),
        onAck: (ack) => this.acks.push(ack),
        onStrayResponse: (response) => this.strays.push(response),
        onServerEvent: (_, event) => this.serverEvents.push(event),
      },
    });
  }

  /** Our end first, then the far end, whose messages arrive in the layer. */
  connect(transport: string): [ours: MemoryFlow, theirs: MemoryFlow] {
    const [ours, theirs] = MemoryFlow.pair({ clock: this.clock, transport, sentBy: 'us.example:5061' }, 'them.example');
    ours.onMessage = (message) => this.layer.receive(message, ours);
    return [ours, theirs];
  }
}

export interface RequestShape {
  readonly branch?: string;
  readonly sentBy?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
}

/** A request of the far end, unlike others where `shape` says so. */
export function createRequest(method: string, shape: RequestShape = {}): SipRequest {
  const { branch = ';branch=z9hG4bK1', sentBy = 'them.example', to = '<sip:b@c>' } = shape;
  const { from = '<sip:a@b>;tag=1', callId = 'call', cseq = 1 } = shape;
  const text = [
    `${method} sip:b@c SIP/2.0`,
    `Via: SIP/2.0/TCP ${sentBy}${branch}`,
    'Max-Forwards: 70',
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
  ].join('\r\n');
  return parseMessage(encodeUtf8(`${text}\r\n\r\n`)) as SipRequest;
}

/** A request of this end: without Via. */
export const createOutgoing = (method: string): SipRequest => ({
  ...createRequest(method),
  headers: createRequest(method).headers.without('Via'),
});

/** Start lines in short: methods and status codes. */
export const namesOf = (messages: readonly SipMessage[]): readonly (string | number)[] =>
  messages.map((message) => (isRequest(message) ? message.method : message.statusCode));

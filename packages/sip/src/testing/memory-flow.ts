/**
 * Two ends of a flow in memory. Messages travel as octets, so that what arrives went through format and parse.
 *
 * @module
 */
import { TransportFailed } from '../errors.ts';
import { formatMessage } from '../messages/format-message.ts';
import type { SipMessage } from '../messages/message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';

export interface MemoryFlowOptions {
  readonly clock: Clock;
  /** `UDP` is unreliable, all else reliable. */
  readonly transport: string;
  readonly sentBy: string;
}

export class MemoryFlow implements Flow {
  readonly transport: string;
  readonly reliable: boolean;
  readonly sentBy: string;
  /** Everything this end was asked to send, lost or not. */
  readonly sent: SipMessage[] = [];
  /** What arrives here. */
  onMessage: (message: SipMessage) => void = () => {};
  /** Which of the messages sent from here get lost on the way. */
  isLost: (message: SipMessage) => boolean = () => false;
  readonly #clock: Clock;
  #peer: MemoryFlow | undefined;
  #isOpen = true;

  constructor({ clock, transport, sentBy }: MemoryFlowOptions) {
    this.#clock = clock;
    this.transport = transport;
    this.reliable = transport !== 'UDP';
    this.sentBy = sentBy;
  }

  /** Both ends of a new flow. */
  static pair(options: MemoryFlowOptions, peerSentBy: string): [MemoryFlow, MemoryFlow] {
    const left = new MemoryFlow(options);
    const right = new MemoryFlow({ ...options, sentBy: peerSentBy });
    left.#peer = right;
    right.#peer = left;
    return [left, right];
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.#isOpen) throw new TransportFailed('the flow is closed');
    this.sent.push(message);
    const peer = this.#peer;
    if (peer === undefined || this.isLost(message)) return;
    const octets = formatMessage(message);
    this.#clock.after(0, () => {
      if (peer.#isOpen) peer.onMessage(parseMessage(octets));
    });
  }

  /** From now on nothing leaves and nothing arrives. */
  close(): void {
    this.#isOpen = false;
  }
}

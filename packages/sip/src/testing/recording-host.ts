/**
 * What surrounds one transaction in a test: a clock of its own, and a record of all that the transaction did.
 *
 * @module
 */
import { TransportFailed } from '../errors.ts';
import { isRequest, type SipMessage } from '../messages/message.ts';
import type { ClientEvent, ClientTransactionHost, ServerEvent } from '../transactions/transaction-host.ts';
import { VirtualClock } from './virtual-clock.ts';

export class RecordingHost implements ClientTransactionHost {
  readonly clock = new VirtualClock();
  readonly reliable: boolean;
  readonly messages: SipMessage[] = [];
  readonly events: (ClientEvent | ServerEvent)[] = [];
  /** In the order they happened: methods and status codes sent, what the user was told, and `forget`. */
  readonly log: string[] = [];
  isBroken = false;

  constructor(reliable: boolean) {
    this.reliable = reliable;
  }

  async send(message: SipMessage): Promise<void> {
    if (this.isBroken) throw new TransportFailed('broken by the test');
    this.messages.push(message);
    this.log.push(`send ${isRequest(message) ? message.method : message.statusCode}`);
  }

  inform(event: ClientEvent | ServerEvent): void {
    this.events.push(event);
    this.log.push(`inform ${event.type === 'response' ? event.response.statusCode : event.type}`);
  }

  forget(): void {
    this.log.push('forget');
  }

  /** What was logged since the last time. */
  takeLog(): readonly string[] {
    return this.log.splice(0);
  }
}

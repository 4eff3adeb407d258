/**
 * Alice, who registers, and a registrar that answers as a test wants it to.
 *
 * @module
 */
import { findContacts } from '../../headers/contact.ts';
import type { NameAddr } from '../../headers/name-addr.ts';
import { createResponse } from '../../messages/create-response.ts';
import type { SipRequest } from '../../messages/message.ts';
import type { VirtualClock } from '../../testing/virtual-clock.ts';
import { ElementPair } from '../../usages/testing/element-pair.ts';
import { Registration, type RegistrationOptions, type RegistrationState } from '../registration.ts';

export type Answer = readonly [statusCode: number, ...headers: (readonly [string, string])[]];

export class RegistrarLab {
  readonly pair = new ElementPair();
  readonly states: RegistrationState[] = [];
  /** What the registrar answers to each REGISTER; undefined: nothing. */
  answerTo: (request: SipRequest) => Answer | undefined = bindAll(600);

  constructor() {
    this.pair.bob.receive = (transaction) => {
      const answer = this.answerTo(transaction.request);
      if (answer === undefined) return true;
      const [statusCode, ...headers] = answer;
      transaction.respond(createResponse(transaction.request, statusCode, { toTag: 'r', headers }));
      return true;
    };
  }

  get clock(): VirtualClock {
    return this.pair.clock;
  }

  get statuses(): readonly string[] {
    return this.states.map(({ status }) => status);
  }

  create(change: Partial<RegistrationOptions> = {}): Registration {
    return new Registration({
      clock: this.clock,
      send: this.pair.alice.send,
      registrar: 'sip:ims.example',
      aor: 'sip:alice@ims.example',
      callId: 'boot',
      fromTag: 'a',
      random: () => 0,
      contacts: [contactOf('sip:alice@192.0.2.1')],
      expiresSeconds: 600,
      onState: (state) => this.states.push(state),
      ...change,
    });
  }
}

export function contactOf(uri: string): NameAddr {
  return { displayName: undefined, uri, params: new Map() };
}

/** A registrar that grants every contact the same time, and knows of another device. */
export function bindAll(seconds: number, ...more: (readonly [string, string])[]): (request: SipRequest) => Answer {
  return (request) => {
    const contacts = findContacts(request.headers);
    const isRemoval = contacts === '*' || request.headers.first('Expires') === '0';
    const values = isRemoval ? [] : contacts.map(({ uri }) => `<${uri}>;expires=${seconds}`);
    return [200, ['Contact', ['<sip:desk@192.0.2.9>;expires=5', ...values].join(', ')], ...more];
  };
}

/**
 * Taking a server out of service without ending a call: new allocations are sent to other servers (RFC 8489 10, 14.15),
 * those that are there live on.
 *
 * @module
 */
import { attribute, type Endpoint, encodeAddress } from '@wicgate/stun';
import { RequestRefused } from '../errors.ts';

export class Drain {
  readonly #alternates: Readonly<Record<Endpoint['family'], readonly Endpoint[]>>;
  #isDraining = false;
  #turn = 0;

  /** @param alternates servers that take over, of the same realm and with the same Km. */
  constructor(alternates: readonly Endpoint[]) {
    this.#alternates = {
      IPv4: alternates.filter(({ family }) => family === 'IPv4'),
      IPv6: alternates.filter(({ family }) => family === 'IPv6'),
    };
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  begin(): void {
    this.#isDraining = true;
  }

  end(): void {
    this.#isDraining = false;
  }

  /**
   * What a new Allocate gets: 300 with the next alternate server of the client's own address family, in turn; 508 where
   * there is none.
   */
  refusalFor(client: Pick<Endpoint, 'family'>): RequestRefused {
    const alternates = this.#alternates[client.family];
    const alternate = alternates[this.#turn % Math.max(1, alternates.length)];
    this.#turn += 1;
    if (alternate === undefined) {
      return new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a server that is not being drained');
    }
    const attributes = [attribute('ALTERNATE-SERVER', encodeAddress(alternate))];
    return new RequestRefused('ERR_TURN_TRY_ALTERNATE', 'expected a server that is not being drained', [], attributes);
  }
}

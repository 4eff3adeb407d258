/**
 * Messages that are almost right: what a server must bear.
 *
 * @module
 */
import { attribute, encodeChannelData, encodeMessage, method, type StunAttribute } from '@wicgate/stun';
import { channelAttribute, lifetimeOf, peerAttribute, requestedUdp } from '@wicgate/turn-client';

/** A whole number from 0 to one below its argument. */
export type Below = (limit: number) => number;

/** A request with right credentials. */
export type Encode = (code: number, attributes: readonly StunAttribute[], transactionId: Buffer) => Buffer;

export class Mutants {
  readonly #below: Below;
  readonly #transactionId: Buffer;
  readonly #requests: readonly (readonly [code: number, attributes: readonly StunAttribute[]])[];
  readonly #sendIndication: Buffer;

  constructor(below: Below) {
    this.#below = below;
    this.#transactionId = this.octets(12);
    const peer = peerAttribute({ family: 'IPv4', address: '127.0.0.2', port: 9 }, this.#transactionId);
    const denied = peerAttribute({ family: 'IPv6', address: '::ffff:127.0.0.1', port: 9 }, this.#transactionId);
    this.#requests = [
      [method.Allocate, [requestedUdp, lifetimeOf(600), attribute('EVEN-PORT', Buffer.from([0]))]],
      [method.Refresh, [lifetimeOf(600)]],
      [method.CreatePermission, [peer, peer]],
      [method.ChannelBind, [channelAttribute(0x4001), peer]],
      [method.CreatePermission, [peer, denied]],
      [method.ChannelBind, [channelAttribute(0x4002), denied]],
      [method.Binding, []],
      [method.Allocate, [requestedUdp, attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]))]],
      [method.Allocate, [requestedUdp, attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]))]],
      [method.Allocate, [requestedUdp, attribute('RESERVATION-TOKEN', this.octets(8))]],
      [method.Refresh, [lifetimeOf(600), attribute('ACCESS-TOKEN', this.octets(90))]],
      [method.Refresh, [attribute('USERHASH', this.octets(32))]],
      [method.Refresh, [attribute('PASSWORD-ALGORITHM', Buffer.from([0, 2, 0, 0]))]],
      [method.Connect, [peer]],
      [method.ConnectionBind, [attribute('CONNECTION-ID', this.octets(4))]],
    ];
    const data = attribute('DATA', this.octets(40));
    this.#sendIndication = encodeMessage(
      { class: 'indication', method: method.Send, transactionId: this.#transactionId, attributes: [peer, data] },
      { integrityKey: undefined, fingerprint: false },
    );
  }

  octets(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.#below(256)));
  }

  /** A message mutated as a whole, or one whose attributes were mutated before it got its credentials and checks. */
  message(encode: Encode): Buffer {
    const [code, attributes] = this.#pick(this.#requests);
    const kind = this.#below(8);
    if (kind === 0) return this.mutate(encode(code, attributes, this.#transactionId));
    if (kind === 1) return this.mutate(this.#sendIndication);
    if (kind === 2) return this.mutate(encodeChannelData(0x4000, this.octets(20), true));
    if (kind === 3) return this.octets(this.#below(200));
    const changed = attributes.map((whole) => {
      const { type, value } = whole;
      return this.#pick([
        whole,
        whole,
        { type, value: this.mutate(value) },
        { type: type ^ (1 << this.#below(16)), value },
      ]);
    });
    return encode(code, changed, this.octets(12));
  }

  /** One to four changes: a flipped bit, another octet, a cut, an insertion, a length that lies. */
  mutate(seed: Buffer): Buffer {
    let octets = Buffer.from(seed);
    for (let changes = 1 + this.#below(4); changes > 0; changes -= 1) {
      const at = this.#below(Math.max(1, octets.length));
      const kind = this.#below(5);
      if (kind === 0 && at < octets.length) octets[at] = (octets[at] ?? 0) ^ (1 << this.#below(8));
      else if (kind === 1 && at < octets.length) octets[at] = this.#below(256);
      else if (kind === 2) octets = octets.subarray(0, at);
      else if (kind === 3)
        octets = Buffer.concat([octets.subarray(0, at), this.octets(1 + this.#below(8)), octets.subarray(at)]);
      else if (octets.length >= 4) octets.writeUInt16BE(this.#below(0x10000), 2);
    }
    return octets;
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new TypeError('items: expected at least one');
    return item;
  }
}

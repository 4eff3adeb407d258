/**
 * A call's worth of media: two relayed allocations that exchange numbered ChannelData, fifty a second each way.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type DecodedMessage, decodeMessage, type Endpoint, encodeChannelData, method } from '@wicgate/stun';
import {
  channelAttribute,
  type Login,
  lifetimeOf,
  outcomeOf,
  peerAttribute,
  type ServerAddress,
  TurnClient,
  textOf,
  type Wire,
} from '@wicgate/turn-client';
import { kernelDrops } from './kernel-drops.ts';
import { openWideWire } from './wide-wire.ts';

const channel = 0x4000;
/** What one packet of Opus or G.711 carries. */
const payloadLength = 160;
const packetMs = 20;
/** Permissions last 300 s (RFC 8656 9), allocations 600 s. */
const renewalMs = 60_000;
const patienceMs = 5_000;

interface End {
  readonly client: TurnClient;
  readonly wire: Wire;
  readonly relayed: Endpoint;
}

export interface CallReport {
  readonly sent: number;
  readonly received: number;
  /** Packets that came changed, again or after a later one. */
  readonly wrong: number;
  /** What the kernel dropped of what was sent to the two ends; undefined where it does not tell. */
  readonly kernelDrops: number | undefined;
}

export class RelayedCall {
  /** The two relayed transport addresses. */
  readonly relayed: readonly Endpoint[];
  readonly #ends: readonly [End, End];
  readonly #timer: NodeJS.Timeout;
  #renewedAt = performance.now();
  #sent = 0;
  #received = 0;
  #wrong = 0;
  /** The next number that each end expects. */
  readonly #expected: [number, number] = [0, 0];

  private constructor(ends: readonly [End, End]) {
    this.#ends = ends;
    this.relayed = ends.map(({ relayed }) => relayed);
    this.#timer = setInterval(() => this.#tick(), packetMs);
  }

  static async start(address: ServerAddress, logins: readonly [Login, Login]): Promise<RelayedCall> {
    const [one, other] = [await openEnd(address, logins[0]), await openEnd(address, logins[1])];
    await one.client.bind(channel, other.relayed);
    await other.client.bind(channel, one.relayed);
    return new RelayedCall([one, other]);
  }

  /** Resolves when the last packet has arrived, or none came for 5 s. */
  async end(): Promise<CallReport> {
    clearInterval(this.#timer);
    const deadline = performance.now() + patienceMs;
    while (this.#received < this.#sent && performance.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#read();
    }
    const drops = kernelDrops(new Set(this.#ends.map(({ wire }) => wire.localPort)));
    for (const { client } of this.#ends) client.close();
    return { sent: this.#sent, received: this.#received, wrong: this.#wrong, kernelDrops: drops };
  }

  #tick(): void {
    this.#read();
    const number = this.#sent / 2;
    for (const { wire } of this.#ends) wire.send(encodeChannelData(channel, payloadOf(number), true));
    this.#sent += 2;
    if (performance.now() - this.#renewedAt > renewalMs) this.#renew();
  }

  /** Channels with their permissions, and allocations. What is answered is looked at in {@link RelayedCall.#take}. */
  #renew(): void {
    this.#renewedAt = performance.now();
    for (const [side, { client, wire }] of this.#ends.entries()) {
      const { relayed } = this.#ends[side === 0 ? 1 : 0];
      const transactionId = randomBytes(12);
      const attributes = [channelAttribute(channel), peerAttribute(relayed, transactionId)];
      wire.send(client.encodeRequest(method.ChannelBind, { attributes, transactionId }));
      wire.send(client.encodeRequest(method.Refresh, { attributes: [lifetimeOf(600)] }));
    }
  }

  #read(): void {
    for (const side of [0, 1] as const) {
      const { inbox } = this.#ends[side].wire;
      while (inbox.size > 0) void inbox.take().then((octets) => this.#take(side, octets));
    }
  }

  #take(side: 0 | 1, octets: Buffer): void {
    if (octets.readUInt8(0) < 0x40) {
      this.#takeAnswer(this.#ends[side].client, decodeMessage(octets));
      return;
    }
    const number = octets.readUInt32BE(4);
    this.#received += 1;
    if (number < this.#expected[side] || !octets.subarray(4).equals(payloadOf(number))) this.#wrong += 1;
    this.#expected[side] = number + 1;
  }

  /** A stale nonce is replaced for the next renewal, which comes long before anything ends. */
  #takeAnswer(client: TurnClient, answer: DecodedMessage): void {
    if (outcomeOf(answer) === 'error 438') client.nonce = textOf(answer, 'NONCE');
  }
}

async function openEnd(address: ServerAddress, login: Login): Promise<End> {
  const wire = await openWideWire(address);
  const client = TurnClient.over(wire);
  return { client, wire, relayed: await client.allocate(login) };
}

function payloadOf(number: number): Buffer {
  const payload = Buffer.alloc(payloadLength, number & 0xff);
  payload.writeUInt32BE(number);
  return payload;
}

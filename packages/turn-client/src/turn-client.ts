/**
 * A TURN client over UDP, TCP or TLS (RFC 8656). Leaves room to send what a good client never would.
 *
 * It sends each request once: whoever measures or tests wants to see a loss. What arrives is taken in order.
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import {
  type AttributeName,
  attribute,
  type DecodedMessage,
  decodeErrorCode,
  decodeMessage,
  decodeXorAddress,
  type Endpoint,
  encodeChannelData,
  encodeMessage,
  encodeXorAddress,
  findAttribute,
  method,
  type StunAttribute,
} from '@wicgate/stun';
import { integrityKeyFor, type Login, loginAttributes } from './login.ts';
import { openWire, type ServerAddress, type Transport, type Wire } from './wire.ts';

export interface RequestOptions {
  readonly attributes?: readonly StunAttribute[];
  readonly transactionId?: Buffer;
  readonly login?: Login;
  readonly nonce?: string;
  readonly realm?: string;
}

export const requestedUdp = attribute('REQUESTED-TRANSPORT', Buffer.from([17, 0, 0, 0]));

export class TurnClient {
  readonly #wire: Wire;
  /** Used for requests unless they bring their own. */
  login: Login | undefined;
  nonce = '';
  realm = '';

  private constructor(wire: Wire) {
    this.#wire = wire;
  }

  static async open(transport: Transport, address: ServerAddress): Promise<TurnClient> {
    return new TurnClient(await openWire(transport, address));
  }

  /** On a way of the caller's own. */
  static over(wire: Wire): TurnClient {
    return new TurnClient(wire);
  }

  get localPort(): number {
    return this.#wire.localPort;
  }

  /** Learns realm and nonce from a 401, and keeps the login. */
  async challenge(login: Login): Promise<DecodedMessage> {
    const answer = await this.exchange(method.Allocate, [requestedUdp]);
    this.realm = textOf(answer, 'REALM');
    this.nonce = textOf(answer, 'NONCE');
    this.login = login;
    return answer;
  }

  /** The relayed transport address of a new allocation. */
  async allocate(login: Login, attributes: readonly StunAttribute[] = []): Promise<Endpoint> {
    await this.challenge(login);
    const answer = await this.request(method.Allocate, { attributes: [requestedUdp, ...attributes] });
    return addressOf(answer, 'XOR-RELAYED-ADDRESS');
  }

  /** Lives on for so many seconds, 0 to end (RFC 8656 8). A stale nonce is replaced and the request sent again. */
  async refresh(seconds: number): Promise<DecodedMessage> {
    const options = { attributes: [lifetimeOf(seconds)] };
    const answer = await this.request(method.Refresh, options);
    if (outcomeOf(answer) !== 'error 438') return answer;
    this.nonce = textOf(answer, 'NONCE');
    return this.request(method.Refresh, options);
  }

  /** A request with credentials, and its response. */
  request(code: number, options: RequestOptions = {}): Promise<DecodedMessage> {
    this.#wire.send(this.encodeRequest(code, options));
    return this.response();
  }

  encodeRequest(code: number, options: RequestOptions = {}): Buffer {
    const { attributes = [], transactionId = randomBytes(12), login = this.login } = options;
    const { nonce = this.nonce, realm = this.realm } = options;
    if (login === undefined) throw new TypeError('login: expected one for a request');
    const credentials = loginAttributes(login, realm, nonce);
    return encodeMessage(
      { class: 'request', method: code, transactionId, attributes: [...attributes, ...credentials] },
      { integrityKey: integrityKeyFor(login, realm), fingerprint: true },
    );
  }

  /** A request without credentials, and its response. */
  exchange(code: number, attributes: readonly StunAttribute[] = []): Promise<DecodedMessage> {
    this.#wire.send(encodeUnprotected('request', code, attributes));
    return this.response();
  }

  /** Permits peers. */
  permit(...peers: readonly Endpoint[]): Promise<DecodedMessage> {
    const transactionId = randomBytes(12);
    const attributes = peers.map((peer) => peerAttribute(peer, transactionId));
    return this.request(method.CreatePermission, { attributes, transactionId });
  }

  bind(channel: number, peer: Endpoint): Promise<DecodedMessage> {
    const transactionId = randomBytes(12);
    const attributes = [channelAttribute(channel), peerAttribute(peer, transactionId)];
    return this.request(method.ChannelBind, { attributes, transactionId });
  }

  /** A Send indication. */
  sendTo(peer: Endpoint, data: string, more: readonly StunAttribute[] = []): void {
    const transactionId = randomBytes(12);
    const attributes = [peerAttribute(peer, transactionId), attribute('DATA', Buffer.from(data)), ...more];
    this.#wire.send(
      encodeMessage(
        { class: 'indication', method: method.Send, transactionId, attributes },
        { integrityKey: undefined, fingerprint: false },
      ),
    );
  }

  sendOnChannel(channel: number, data: string): void {
    this.#wire.send(encodeChannelData(channel, Buffer.from(data), true));
  }

  sendRaw(octets: Buffer): void {
    this.#wire.send(octets);
  }

  /** The next message, which must be STUN. */
  async response(): Promise<DecodedMessage> {
    return decodeMessage(await this.#wire.inbox.take());
  }

  /** The next message, which must be ChannelData or a Data indication, in one line. */
  async received(): Promise<string> {
    const octets = await this.#wire.inbox.take();
    if (octets.readUInt8(0) >= 0x40) return `channel ${octets.readUInt16BE(0).toString(16)}: ${octets.subarray(4)}`;
    const message = decodeMessage(octets);
    const { address, port } = addressOf(message, 'XOR-PEER-ADDRESS');
    return `${message.class} from ${address}:${port}: ${textOf(message, 'DATA')}`;
  }

  /** Messages that came and were not taken. */
  get unreadCount(): number {
    return this.#wire.inbox.size;
  }

  pause(): void {
    this.#wire.pause();
  }

  get ended(): Promise<unknown> {
    return this.#wire.ended;
  }

  close(): void {
    this.#wire.close();
  }
}

export function encodeUnprotected(
  kind: 'request' | 'indication',
  code: number,
  attributes: readonly StunAttribute[],
): Buffer {
  const message = { class: kind, method: code, transactionId: randomBytes(12), attributes };
  return encodeMessage(message, { integrityKey: undefined, fingerprint: false });
}

/** The class and, for errors, ERROR-CODE: `success` or `error 401`. */
export function outcomeOf(answer: DecodedMessage): string {
  const errorCode = findAttribute(answer, 'ERROR-CODE');
  return errorCode === undefined ? answer.class : `${answer.class} ${decodeErrorCode(errorCode).statusCode}`;
}

export function addressOf(answer: DecodedMessage, name: AttributeName): Endpoint {
  return decodeXorAddress(name, requiredValue(answer, name), answer.transactionId);
}

export function textOf(answer: DecodedMessage, name: AttributeName): string {
  return requiredValue(answer, name).toString();
}

export function requiredValue(answer: DecodedMessage, name: AttributeName): Buffer {
  const value = findAttribute(answer, name);
  if (value === undefined) throw new Error(`${name}: expected in the answer, which is ${outcomeOf(answer)}`);
  return value;
}

export function peerAttribute(peer: Endpoint, transactionId: Buffer): StunAttribute {
  return attribute('XOR-PEER-ADDRESS', encodeXorAddress(peer, transactionId));
}

export function channelAttribute(channel: number): StunAttribute {
  return attribute('CHANNEL-NUMBER', Buffer.from([channel >> 8, channel & 0xff, 0, 0]));
}

export function lifetimeOf(seconds: number): StunAttribute {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(seconds);
  return attribute('LIFETIME', value);
}

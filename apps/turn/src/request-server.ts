/**
 * Serves requests: authentication, the method, the response (RFC 8489 6.3.1, RFC 8656 5).
 *
 * @module
 */

import type { Logger } from '@wicgate/node-kit';
import {
  AttributeMalformed,
  attribute,
  type DecodedMessage,
  encodeErrorCode,
  encodeMessage,
  encodeUnknownAttributes,
  encodeXorAddress,
  isUnknownAndRequired,
  method,
  type StunAttribute,
} from '@wicgate/stun';
import type { Authenticator, TurnUser } from './authentication/authenticator.ts';
import type { Clock } from './clock.ts';
import { RequestRefused } from './errors.ts';
import type { ClientFlow } from './listeners/client-flow.ts';
import type { TurnLogEvent } from './log-event.ts';
import { allocate } from './methods/allocate.ts';
import { channelBind } from './methods/channel-bind.ts';
import { createPermission } from './methods/create-permission.ts';
import { refresh } from './methods/refresh.ts';
import type { TurnMethod, TurnServices } from './methods/turn-request.ts';
import type { Admission } from './operations/admission.ts';
import type { Traffic } from './traffic.ts';

const turnMethods: ReadonlyMap<number, TurnMethod> = new Map<number, TurnMethod>([
  [method.Allocate, allocate],
  [method.Refresh, refresh],
  [method.CreatePermission, createPermission],
  [method.ChannelBind, channelBind],
]);

export interface RequestServerSettings {
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly traffic: Traffic;
  readonly services: TurnServices;
  readonly log: Logger<TurnLogEvent>;
}

interface Answer {
  readonly class: 'success' | 'error';
  readonly attributes: readonly StunAttribute[];
}

export class RequestServer {
  readonly #clock: Clock;
  readonly #authenticator: Authenticator;
  readonly #admission: Admission;
  readonly #traffic: Traffic;
  readonly #services: TurnServices;
  readonly #log: Logger<TurnLogEvent>;

  constructor({ clock, authenticator, admission, traffic, services, log }: RequestServerSettings) {
    this.#clock = clock;
    this.#authenticator = authenticator;
    this.#admission = admission;
    this.#traffic = traffic;
    this.#services = services;
    this.#log = log;
  }

  /** Resolves when the request is answered, or dropped because its method is not one of a TURN server's. */
  async serve(flow: ClientFlow, message: DecodedMessage): Promise<void> {
    const turnMethod = turnMethods.get(message.method);
    if (turnMethod !== undefined) await this.#serveTurn(flow, message, turnMethod);
    else if (message.method === method.Binding) this.#serveBinding(flow, message);
    else this.#traffic.drop('unexpected');
  }

  async #serveTurn(flow: ClientFlow, message: DecodedMessage, turnMethod: TurnMethod): Promise<void> {
    let user: TurnUser | undefined;
    try {
      const nowMs = this.#clock.now();
      const allocation = this.#services.allocations.find(flow.key);
      const origin = { client: flow.remote, nowMs, allocationUser: allocation?.holder };
      user = this.#admission.requireInForce(this.#authenticator.authenticate(message, origin));
      this.#traffic.authenticate(user.kind);
      requireKnownAttributes(message);
      // What was begun before goes on: a retransmission gets its answer.
      const isNew = allocation === undefined && !this.#services.pending.has(flow.key);
      if (isNew) this.#admission.requireInService(message.method, flow);
      const attributes = await turnMethod({ message, flow, user, nowMs }, this.#services);
      // The credential may have been revoked while the relay was being opened.
      this.#admission.requireInForce(user);
      if (allocation !== undefined && message.method === method.Refresh) {
        this.#services.allocations.handOver(allocation, user);
      }
      if (attributes !== undefined) respond(flow, message, { class: 'success', attributes }, user);
    } catch (error) {
      this.#refuse(flow, message, asRefusal(error), user);
    }
  }

  /** RFC 8489 6.3.1 and 7: needs no credentials. */
  #serveBinding(flow: ClientFlow, message: DecodedMessage): void {
    try {
      requireKnownAttributes(message);
      const mapped = attribute('XOR-MAPPED-ADDRESS', encodeXorAddress(flow.remote, message.transactionId));
      respond(flow, message, { class: 'success', attributes: [mapped] }, undefined);
    } catch (error) {
      this.#refuse(flow, message, asRefusal(error), undefined);
    }
  }

  #refuse(flow: ClientFlow, message: DecodedMessage, refusal: RequestRefused, user: TurnUser | undefined): void {
    const { code, statusCode, reasonPhrase, unknownAttributes } = refusal;
    this.#traffic.refuse(code);
    if (code === 'ERR_TURN_UNAUTHENTICATED' && !this.#admission.mayChallenge(flow)) {
      this.#traffic.drop('challenge_limit');
      return;
    }
    this.#log.debug({
      event: 'turn.request.refused',
      flow: flow.key,
      method: message.method,
      code,
      because: refusal.message,
    });
    const attributes = [attribute('ERROR-CODE', encodeErrorCode({ statusCode, reasonPhrase })), ...refusal.attributes];
    if (code === 'ERR_TURN_UNAUTHENTICATED' || code === 'ERR_TURN_STALE_NONCE') {
      attributes.push(...this.#authenticator.challenge(statusCode, flow.remote, this.#clock.now()));
    }
    if (code === 'ERR_TURN_UNKNOWN_ATTRIBUTE') {
      attributes.push(attribute('UNKNOWN-ATTRIBUTES', encodeUnknownAttributes(unknownAttributes)));
    }
    respond(flow, message, { class: 'error', attributes }, user);
  }
}

/** @throws {RequestRefused} 420 */
function requireKnownAttributes(message: DecodedMessage): void {
  const unknown = message.attributes.map(({ type }) => type).filter(isUnknownAndRequired);
  if (unknown.length === 0) return;
  throw new RequestRefused('ERR_TURN_UNKNOWN_ATTRIBUTE', 'expected known attributes', [...new Set(unknown)]);
}

/** What is no refusal and no malformed attribute is a defect of ours, and goes on up. */
function asRefusal(error: unknown): RequestRefused {
  if (error instanceof RequestRefused) return error;
  if (error instanceof AttributeMalformed) return new RequestRefused('ERR_TURN_BAD_REQUEST', error.message);
  throw error;
}

/** Responses to who is authenticated carry the integrity attribute that the request had (RFC 8489 9.2.4). */
function respond(flow: ClientFlow, request: DecodedMessage, answer: Answer, user: TurnUser | undefined): void {
  const { method: code, transactionId } = request;
  const message = { class: answer.class, method: code, transactionId, attributes: answer.attributes };
  const protection = { integrityKey: user?.key, integrityHash: user?.integrityHash, fingerprint: true };
  flow.sendResponse(encodeMessage(message, protection));
}

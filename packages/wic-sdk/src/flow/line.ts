/**
 * The line to the eP-CSCF: one flow at a time, and the transactions on it.
 *
 * @module
 */
import {
  type ClientEvent,
  type ClientTransaction,
  SipError,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  TransactionLayer,
  type TransactionUser,
  TransportFailed,
} from '@wicgate/sip';
import { createToken, type Platform } from '../platform.ts';
import { type FlowEnd, WebSocketFlow } from './web-socket-flow.ts';

export interface LineOptions {
  readonly platform: Platform;
  readonly url: string;
  readonly user: TransactionUser<WebSocketFlow>;
  /** The flow in use is gone, and not because somebody here closed it. */
  readonly onLost: (end: FlowEnd) => void;
}

export class Line {
  readonly layer: TransactionLayer<WebSocketFlow>;
  /** Stays the same for the life of the page, so that what names it stays right when the flow is another. */
  readonly sentBy: string;
  readonly #options: LineOptions;
  #flow: WebSocketFlow | undefined;

  constructor(options: LineOptions) {
    const { platform, user } = options;
    this.#options = options;
    this.sentBy = `${createToken(platform)}.invalid`;
    this.layer = new TransactionLayer({ clock: platform.clock, createToken: () => createToken(platform), user });
  }

  get flow(): WebSocketFlow | undefined {
    return this.#flow;
  }

  /** A new flow in place of the one there is. Rejects with a TransportFailed. */
  async open(): Promise<WebSocketFlow> {
    this.close();
    const { platform, url } = this.#options;
    const flow = new WebSocketFlow({
      platform,
      url,
      sentBy: this.sentBy,
      onMessage: (message, from) => this.#receive(message, from),
      onClosed: (closed, error) => this.#onClosed(closed, error),
    });
    this.#flow = flow;
    await flow.opened;
    return flow;
  }

  /** Sends on the flow there is; without one, tells `inform` so. */
  request(
    request: SipRequest,
    inform: (event: ClientEvent) => void,
    viaParams: readonly (readonly [string, string])[] = [],
  ): ClientTransaction<WebSocketFlow> | undefined {
    if (this.#flow !== undefined) return this.layer.request(request, this.#flow, inform, viaParams);
    queueMicrotask(() => inform({ type: 'transport error', error: new TransportFailed('there is no flow') }));
    return undefined;
  }

  /** The final response. Rejects with a TransportFailed: the flow broke, or nobody answered. */
  ask(request: SipRequest, viaParams: readonly (readonly [string, string])[] = []): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      const inform = (event: ClientEvent): void => {
        if (event.type === 'transport error') reject(event.error);
        else if (event.type === 'timeout') reject(new TransportFailed('nobody answered'));
        else if (event.response.statusCode >= 200) resolve(event.response);
      };
      this.request(request, inform, viaParams);
    });
  }

  close(): void {
    const flow = this.#flow;
    this.#flow = undefined;
    flow?.close();
  }

  /** What is broken in a message beyond what was checked on arrival costs that message. */
  #receive(message: SipMessage, flow: WebSocketFlow): void {
    try {
      this.layer.receive(message, flow);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
    }
  }

  #onClosed(flow: WebSocketFlow, error: TransportFailed): void {
    const wasOurs = flow === this.#flow && flow.wasOpen;
    if (flow === this.#flow) this.#flow = undefined;
    this.layer.flowClosed(flow, error);
    if (wasOurs) this.#options.onLost(flow.lostBy);
  }
}

/**
 * An eP-CSCF with the core behind it, in memory: registers WICs and carries calls between them.
 *
 * What it does by itself is what a network does; `onRequest` lets a test do something else with a request first.
 *
 * @module
 */
import {
  type ClientEvent,
  canonicalImpu,
  checkMessage,
  createResponse,
  decodeUtf8,
  encodeUtf8,
  type Flow,
  formatMessage,
  parseMessage,
  parseNameAddr,
  parseUri,
  type ServerTransaction,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  StatefulProxy,
  TransactionLayer,
  type TransactionUser,
  TransportFailed,
} from '@wicgate/sip';
import { flowReplaced, policyViolation } from '../flow/web-socket-flow.ts';
import type { DigestVerdict } from './in-memory-digest.ts';
import { InMemoryRegistrationEvent } from './in-memory-registration-event.ts';
import { createWebSocketClass, type ServerSocket } from './in-memory-web-socket.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The gateway's end of a connection. */
export interface GatewayFlow extends Flow {
  readonly socket: ServerSocket;
}

export type GatewayTransaction = ServerTransaction<GatewayFlow>;

interface Binding {
  /** Value of Contact. */
  readonly contact: string;
  readonly contactHost: string;
  readonly instance: string;
  readonly flow: GatewayFlow;
}

const recordRoute = '<sip:gateway.example;transport=ws;lr>';
let nextToken = 0;

export class InMemoryGateway {
  readonly layer: TransactionLayer<GatewayFlow>;
  readonly registrationEvent: InMemoryRegistrationEvent<GatewayFlow>;
  readonly WebSocket: new (
    url: string,
    protocol: string,
  ) => WebSocket;
  /** Every request that came in, and every response, oldest first. */
  readonly received: SipMessage[] = [];
  /** Text of the frames that came in. */
  readonly frames: string[] = [];
  readonly flows = new Set<GatewayFlow>();
  /** Returns whether it has dealt with the request. */
  onRequest: (transaction: GatewayTransaction) => boolean = () => false;
  /** Header fields of the 200 to a REGISTER, after the Contact. */
  registerHeaders: readonly (readonly [string, string])[] = [
    ['Service-Route', '<sip:orig@scscf.ims.example;lr>'],
    ['3gpp-ext-turn-cred', 'ab12:1800003600:c2VjcmV0'],
  ];
  grantedSeconds = 600_000;
  isDown = false;
  subprotocol = 'sip';
  answersPings = true;
  /** The core that authenticates: by SIP Digest or by AKA; without it everybody is let in. */
  digest: { readonly judge: (request: SipRequest) => DigestVerdict } | undefined;
  /** A header field that never gets through, as with an old gateway. */
  dropsHeader: string | undefined;
  readonly #proxy: StatefulProxy<GatewayFlow>;
  readonly #bindings = new Map<string, Binding[]>();
  readonly #known: ReadonlySet<string>;

  constructor(clock: VirtualClock, knownImpus: readonly string[]) {
    this.#known = new Set(knownImpus);
    this.layer = new TransactionLayer({ clock, createToken, user: this.#user() });
    this.#proxy = new StatefulProxy({ layer: this.layer, clock });
    const contactsOf = (impu: string) => (this.#bindings.get(impu) ?? []).map(({ contact }) => contact);
    this.registrationEvent = new InMemoryRegistrationEvent({ clock, createToken, layer: this.layer, contactsOf });
    this.WebSocket = createWebSocketClass((socket) => this.#accept(socket));
  }

  /** Requests of `method`, oldest first. */
  requests(method: string): readonly SipRequest[] {
    return this.received.filter((message): message is SipRequest => 'method' in message && message.method === method);
  }

  /** Responses of WICs with this status, oldest first. */
  responses(statusCode: number): readonly SipResponse[] {
    return this.received.filter(
      (message): message is SipResponse => 'statusCode' in message && message.statusCode === statusCode,
    );
  }

  /** The flows on which `impu` is registered. */
  flowsOf(impu: string): readonly GatewayFlow[] {
    return (this.#bindings.get(canonicalImpu(impu)) ?? []).map(({ flow }) => flow);
  }

  /** Sends a request as it stands, with a Via on top. */
  send(request: SipRequest, flow: GatewayFlow, inform: (event: ClientEvent) => void = () => undefined): void {
    this.layer.request(request, flow, inform);
  }

  /** Every connection breaks, and the gateway forgets who was registered, as after a restart. */
  restart(): void {
    this.#bindings.clear();
    for (const flow of [...this.flows]) flow.socket.close();
    for (const flow of [...this.flows]) this.#closed(flow);
  }

  #user(): TransactionUser<GatewayFlow> {
    return {
      onRequest: (transaction) => {
        if (!this.onRequest(transaction)) this.#route(transaction);
      },
      onAck: (ack) => {
        const flow = this.#findFlow(ack.requestUri);
        if (flow !== undefined) this.#proxy.forwardAck(withoutOwnRoute(ack), flow);
      },
      onStrayResponse: () => undefined,
    };
  }

  #accept(socket: ServerSocket): string | undefined {
    if (this.isDown || !socket.protocols.includes('sip')) return undefined;
    const flow: GatewayFlow = {
      transport: 'WSS',
      reliable: true,
      sentBy: 'gateway.example',
      socket,
      send: async (message) => {
        if (!socket.isOpen) throw new TransportFailed('the connection is closed');
        socket.send(decodeUtf8(formatMessage(message)) ?? '');
      },
    };
    this.flows.add(flow);
    socket.onText = (text) => this.#onText(text, flow);
    socket.onClose = () => this.#closed(flow);
    return this.subprotocol;
  }

  #closed(flow: GatewayFlow): void {
    this.flows.delete(flow);
    this.layer.flowClosed(flow, new TransportFailed('the connection is closed'));
    this.registrationEvent.flowClosed(flow);
    for (const [impu, bindings] of this.#bindings) {
      this.#bindings.set(
        impu,
        bindings.filter((binding) => binding.flow !== flow),
      );
    }
  }

  #onText(text: string, flow: GatewayFlow): void {
    this.frames.push(text);
    if (text === '\r\n\r\n') {
      if (this.answersPings) flow.socket.send('\r\n');
      return;
    }
    if (text === '\r\n') return;
    const parsed = parseMessage(encodeUtf8(text));
    const { headers } = parsed;
    const message = {
      ...parsed,
      headers: this.dropsHeader === undefined ? headers : headers.without(this.dropsHeader),
    };
    checkMessage(message);
    this.received.push(message);
    this.layer.receive(message, flow);
  }

  #route(transaction: GatewayTransaction): void {
    const { request } = transaction;
    if (request.method === 'REGISTER') this.#register(transaction);
    else if (request.method === 'CANCEL') this.#proxy.cancel(transaction);
    else if (this.registrationEvent.receive(transaction)) return;
    else if (parseNameAddr(request.headers.first('To') ?? '').params.has('tag')) this.#routeInDialog(transaction);
    else this.#routeToUser(transaction);
  }

  #register(transaction: GatewayTransaction): void {
    const { request, flow } = transaction;
    const verdict = this.digest?.judge(request);
    if (verdict?.kind === 'refused') {
      transaction.respond(verdict.response);
      if (verdict.response.statusCode === 403) flow.socket.close(policyViolation);
      return;
    }
    const { uri } = parseNameAddr(request.headers.first('To') ?? '');
    const impu = canonicalImpu(uri);
    const contact = parseNameAddr(request.headers.first('Contact') ?? '');
    const contactUri = parseUri(contact.uri);
    const instance = contact.params.get('+sip.instance') ?? '';
    const before = this.#bindings.get(impu) ?? [];
    const others = before.filter((binding) => binding.instance !== instance);
    const replaced = before.filter((binding) => binding.instance === instance && binding.flow !== flow);
    const isEnd = request.headers.first('Expires') === '0';
    const contactHost = 'host' in contactUri ? contactUri.host : '';
    const own = { contact: request.headers.first('Contact') ?? '', contactHost, instance, flow };
    this.#bindings.set(impu, isEnd ? others : [...others, own]);
    const granted: [string, string][] = isEnd
      ? []
      : [['Contact', `${request.headers.first('Contact') ?? ''};expires=${this.grantedSeconds}`]];
    transaction.respond(
      createResponse(request, 200, {
        toTag: createToken(),
        headers: [...granted, ['P-Associated-URI', `<${uri}>`], ...this.registerHeaders, ...(verdict?.headers ?? [])],
      }),
    );
    for (const binding of replaced) binding.flow.socket.close(flowReplaced);
  }

  #routeToUser(transaction: GatewayTransaction): void {
    const { request } = transaction;
    const impu = canonicalImpu(request.requestUri);
    const bindings = this.#bindings.get(impu) ?? [];
    if (bindings.length === 0) {
      const statusCode = this.#known.has(impu) ? 480 : 404;
      transaction.respond(createResponse(request, statusCode, { toTag: createToken() }));
      return;
    }
    const routed = request.headers.without('Route').prepend('Record-Route', recordRoute);
    const caller = this.#findImpu(transaction.flow);
    const headers = caller === undefined ? routed : routed.with('P-Asserted-Identity', `<${caller}>`);
    this.#proxy.forward(
      transaction,
      bindings.map(({ flow }) => ({ request: { ...request, headers }, flow })),
    );
  }

  #routeInDialog(transaction: GatewayTransaction): void {
    const flow = this.#findFlow(transaction.request.requestUri);
    if (flow === undefined) {
      transaction.respond(createResponse(transaction.request, 430, { toTag: createToken() }));
      return;
    }
    this.#proxy.forward(transaction, [{ request: withoutOwnRoute(transaction.request), flow }]);
  }

  /** Who is registered on `flow`. */
  #findImpu(flow: GatewayFlow): string | undefined {
    return [...this.#bindings].find(([, bindings]) => bindings.some((binding) => binding.flow === flow))?.[0];
  }

  #findFlow(requestUri: string): GatewayFlow | undefined {
    const uri = parseUri(requestUri);
    const host = 'host' in uri ? uri.host : '';
    return [...this.#bindings.values()].flat().find(({ contactHost }) => contactHost === host)?.flow;
  }
}

function withoutOwnRoute(request: SipRequest): SipRequest {
  return { ...request, headers: request.headers.without('Route') };
}

function createToken(): string {
  nextToken += 1;
  return `gw${nextToken.toString().padStart(6, '0')}`;
}

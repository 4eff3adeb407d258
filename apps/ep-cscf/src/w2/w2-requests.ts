/**
 * What WICs send on W2 (TS 24.371 7.2.1, TS 24.229 5.2).
 *
 * @module
 */
import {
  type Capabilities,
  type Clock,
  createResponse,
  extTurnCredHeader,
  inspectRequest,
  parseUri,
  type ServerTransaction,
  SipError,
  type SipRequest,
  type SipResponse,
  type StatefulProxy,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { isEmergencyCall } from '../emergency/emergency-call.ts';
import type { EmergencyCalls } from '../emergency/emergency-calls.ts';
import { EpCscfError, RequestRefused, RequestUnfit, TooManyRequests } from '../errors.ts';
import type { CoreLink } from '../mw/core-link.ts';
import { type Refusals, respond } from '../refuse.ts';
import { type RegisterOptions, register } from '../registration/register.ts';
import type { RegisteredFlows } from '../registration/registered-flows.ts';
import { type FromUeContext, type OwnFlows, prepareFromUe, responseToUe } from '../sessions/from-ue.ts';
import type { TurnCredentials } from '../turn/turn-credentials.ts';
import { holderOf } from '../turn/turn-holder.ts';
import { Connection, type ConnectionLimits } from './connection.ts';

export interface W2RequestsOptions {
  readonly clock: Clock;
  readonly limits: ConnectionLimits;
  readonly registration: RegisterOptions;
  readonly sessions: FromUeContext;
  readonly emergencies: EmergencyCalls;
  readonly core: CoreLink;
  readonly proxy: StatefulProxy<NodeFlow>;
  readonly turn: TurnCredentials;
  readonly refusals: Refusals;
  readonly createToken: () => string;
}

/** Of the one OPTIONS that is answered here; a body says nothing to it. */
const capabilities: Capabilities = {
  methods: ['OPTIONS'],
  schemes: ['sip', 'sips'],
  extensions: [],
  contentTypes: ['*/*'],
  contentEncodings: [],
};
const ownFailures = new Set([500, 503, 504]);

export class W2Requests {
  readonly #options: W2RequestsOptions;
  readonly #connections = new Map<NodeFlow, Connection>();

  constructor(options: W2RequestsOptions) {
    this.#options = options;
  }

  onRequest(transaction: ServerTransaction<NodeFlow>): void {
    const connection = this.#connectionOf(transaction.flow);
    this.#answer(transaction, connection).catch((error: unknown) => {
      this.#options.refusals.refuse(transaction, error);
      if (isOfSender(error)) connection.countRefusal();
    });
  }

  onAck(ack: SipRequest, flow: NodeFlow): void {
    const connection = this.#connectionOf(flow);
    this.#forwardAck(ack, connection).catch((error: unknown) => {
      this.#options.refusals.drop(flow, error);
      if (isOfSender(error)) connection.countRefusal();
    });
  }

  /** A response that nobody waits for: from a WIC that was never sent a request it is a mere burden. */
  onStrayResponse(flow: NodeFlow): void {
    this.#connectionOf(flow).countRefusal();
  }

  onFault(flow: NodeFlow, error: SipError): void {
    if (isOfSender(error)) this.#connectionOf(flow).countMalformed();
  }

  onFlowOpened(flow: NodeFlow): void {
    this.#connectionOf(flow);
  }

  onFlowClosed(flow: NodeFlow): void {
    this.#options.emergencies.connectionClosed(flow);
    this.#connections.get(flow)?.stop();
    this.#connections.delete(flow);
  }

  async #answer(transaction: ServerTransaction<NodeFlow>, connection: Connection): Promise<void> {
    connection.countRequest();
    const { request } = transaction;
    if (request.method === 'REGISTER') await this.#register(transaction, connection);
    else if (request.method === 'CANCEL') this.#cancel(transaction, connection);
    else if (this.#asksForTurn(request)) this.#answerTurn(transaction, connection);
    else if (isEmergencyCall(request)) await this.#callForHelp(transaction, connection);
    else await this.#forward(transaction, connection);
  }

  async #register(transaction: ServerTransaction<NodeFlow>, connection: Connection): Promise<void> {
    await connection.inTurn(async () => {
      const response = await register(transaction.request, connection, this.#options.registration);
      respond(transaction, response);
      if (this.#isRegistered(connection.flow) && response.statusCode === 200) connection.registered();
      else if (response.statusCode >= 300 && response.statusCode < 500) connection.countRefusal();
    });
  }

  /**
   * A WIC has no other domain to be sent to, which is what a 380 would be for (TS 24.229 5.2.10.1): without E-CSCF it is
   * told that nobody answers here.
   */
  async #callForHelp(transaction: ServerTransaction<NodeFlow>, connection: Connection): Promise<void> {
    const { emergencies, sessions } = this.#options;
    if (sessions.eCscf === undefined) throw new RequestRefused('no emergency service');
    const { flow, id } = connection;
    const callId = callIdOf(transaction.request);
    emergencies.start(flow, id, callId);
    connection.callsForHelp();
    try {
      await this.#forward(transaction, connection);
    } catch (error) {
      emergencies.fail(flow, callId);
      throw error;
    }
  }

  /** The last emergency call on it has ended. */
  onEmergencyOver(flow: NodeFlow): void {
    this.#connections.get(flow)?.hasCalledForHelp();
  }

  async #forward(transaction: ServerTransaction<NodeFlow>, connection: Connection): Promise<void> {
    const { sessions, core, proxy } = this.#options;
    const { request, nextHop } = prepareFromUe(transaction.request, this.#flowsOf(connection.flow), sessions);
    const stopWaiting = connection.startWaiting();
    try {
      const flow = await core.flowTo(nextHop);
      const onFinal = (response: SipResponse): void => {
        stopWaiting();
        this.#noteEnd(transaction.request, response, connection.flow);
      };
      proxy.forward(transaction, [{ request, flow }], { onResponse: responseToUe, onFinal });
    } catch (error) {
      stopWaiting();
      throw error;
    }
  }

  /** Emergency calls end with a BYE, or with an answer that makes no call. */
  #noteEnd(request: SipRequest, { statusCode }: SipResponse, flow: NodeFlow): void {
    const { emergencies } = this.#options;
    if (request.method === 'BYE') emergencies.end(flow, callIdOf(request));
    else if (statusCode >= 300 && isEmergencyCall(request)) emergencies.fail(flow, callIdOf(request));
  }

  async #forwardAck(ack: SipRequest, connection: Connection): Promise<void> {
    connection.countRequest();
    const { request, nextHop } = prepareFromUe(ack, this.#flowsOf(connection.flow), this.#options.sessions);
    this.#options.proxy.forwardAck(request, await this.#options.core.flowTo(nextHop));
  }

  /** A WIC cancels what it asked for itself, on the connection it asked on. */
  #cancel(transaction: ServerTransaction<NodeFlow>, connection: Connection): void {
    this.#options.proxy.cancel(transaction);
    if (transaction.response?.statusCode === 481) connection.countRefusal();
  }

  /** OPTIONS to the home domain with the credential header is ours to answer; other OPTIONS travel on. */
  #asksForTurn({ method, requestUri, headers }: SipRequest): boolean {
    if (method !== 'OPTIONS' || !headers.has(extTurnCredHeader)) return false;
    if (!/^sips?:/iu.test(requestUri)) return false;
    const uri = parseUri(requestUri, 'Request-URI');
    return uri.scheme !== 'tel' && uri.user === undefined && uri.host === this.#options.sessions.homeDomain;
  }

  /** TS 33.203 X.5.2.2: after registration only. */
  #answerTurn(transaction: ServerTransaction<NodeFlow>, connection: Connection): void {
    const { turn, createToken } = this.#options;
    const registered = this.#flows.anyOf(transaction.flow);
    if (registered === undefined) throw new RequestRefused('not registered');
    const refusal = inspectRequest(transaction.request, capabilities);
    if (refusal !== undefined) throw new RequestUnfit(refusal);
    connection.countTurnRequest();
    const value = turn.valueFor(holderOf(registered));
    if (value === undefined) throw new RequestRefused('TURN not allowed');
    const headers = [[extTurnCredHeader, value] as const];
    respond(transaction, createResponse(transaction.request, 200, { toTag: createToken(), headers }));
  }

  #flowsOf(connection: NodeFlow): OwnFlows {
    return {
      registered: this.#flows.ofConnection(connection),
      registeredForEmergency: this.#flows.emergencyOf(connection),
      emergency: this.#options.emergencies.ofConnection(connection),
    };
  }

  get #flows(): RegisteredFlows {
    return this.#options.registration.context.flows;
  }

  #isRegistered(connection: NodeFlow): boolean {
    return this.#flows.anyOf(connection) !== undefined;
  }

  #connectionOf(flow: NodeFlow): Connection {
    const known = this.#connections.get(flow);
    if (known !== undefined) return known;
    const { limits, clock } = this.#options;
    const isRegistered = (): boolean => this.#isRegistered(flow);
    const connection = new Connection(flow, { limits, clock, isRegistered });
    // What is done for a connection that is gone leaves no trace.
    if (flow.isOpen) this.#connections.set(flow, connection);
    else connection.stop();
    return connection;
  }
}

/** Whether it was the sender's doing: that we are overloaded or fail, or that nobody answers us, is not. */
function isOfSender(error: unknown): boolean {
  if (error instanceof TooManyRequests) return true;
  return (error instanceof EpCscfError || error instanceof SipError) && !ownFailures.has(error.statusCode);
}

function callIdOf({ headers }: SipRequest): string {
  return headers.first('Call-ID') ?? '';
}

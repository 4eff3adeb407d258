/**
 * An eP-CSCF that does what a test says: it registers users, sends and gets their requests.
 *
 * @module
 */
import {
  answerCancel,
  formatAuthorization,
  Headers,
  noBody,
  type ServerTransaction,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { EventLog } from '@wicgate/sip-node/testing';
import { onTestFinished } from 'vitest';

export interface Destination {
  /** `host:port`. */
  readonly address: string;
  readonly name: string;
}

export interface RequestFields {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly (readonly [string, string])[];
}

export interface RegisterFields {
  readonly impu?: string;
  readonly impi?: string;
  readonly from?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly contacts?: readonly string[];
  readonly expires?: number | undefined;
  readonly path?: readonly string[];
  /** Instead of the statement of a trusted node. */
  readonly authorization?: readonly string[];
  readonly statement?: Readonly<Record<string, string>>;
  readonly headers?: readonly (readonly [string, string])[];
  /** Option tags of Supported; '' leaves it out. */
  readonly supported?: string;
}

type Arrival = { readonly request: SipRequest; readonly transaction: ServerTransaction<NodeFlow> | undefined };

/** A request that was sent, and what came back. */
export class Exchange {
  readonly responses = new EventLog<SipResponse>();
  readonly final: Promise<SipResponse>;
  /** For a CANCEL. */
  readonly cancel: () => void;

  constructor(endpoint: Endpoint, request: SipRequest, flow: NodeFlow) {
    const { promise, resolve, reject } = Promise.withResolvers<SipResponse>();
    this.final = promise;
    promise.catch(() => {});
    const client = endpoint.layer.request(request, flow, (event) => {
      if (event.type !== 'response') {
        reject(new Error(event.type));
        return;
      }
      this.responses.add(event.response);
      if (event.response.statusCode >= 200) resolve(event.response);
    });
    this.cancel = () => void endpoint.layer.cancel(client, () => {});
  }
}

export class ScriptedEdge {
  readonly endpoint: Endpoint;
  readonly arrivals = new EventLog<Arrival>();
  readonly #tls: TlsIdentity;
  #port = 0;
  #calls = 0;

  private constructor(tls: TlsIdentity) {
    this.#tls = tls;
    this.endpoint = new Endpoint({
      sentBy: () => this.address,
      user: {
        onRequest: (transaction) => {
          // A CANCEL is answered as every UAS would.
          if (transaction.request.method === 'CANCEL') answerCancel(this.endpoint.layer, transaction, 'edge');
          this.arrivals.add({ request: transaction.request, transaction });
        },
        onAck: (request) => this.arrivals.add({ request, transaction: undefined }),
        onStrayResponse: () => {},
      },
    });
  }

  /** Stops when the test ends. */
  static async start(tls: TlsIdentity): Promise<ScriptedEdge> {
    const edge = new ScriptedEdge(tls);
    ({ port: edge.#port } = await edge.endpoint.listenTls({ name: 'mw', host: '127.0.0.1', port: 0, tls }));
    onTestFinished(() => edge.endpoint.stop());
    return edge;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** A route to us, as in Path and Record-Route. */
  route(token: string): string {
    return `<sip:${token}@${this.address};transport=tls;lr;ob>`;
  }

  async flowTo({ address, name }: Destination): Promise<NodeFlow> {
    const [host = '', port = ''] = address.split(':');
    return this.endpoint.connectTls({ host, port: Number(port), serverName: name, tls: this.#tls });
  }

  async send(request: SipRequest, destination: Destination): Promise<Exchange> {
    return new Exchange(this.endpoint, request, await this.flowTo(destination));
  }

  async sendAck(ack: SipRequest, destination: Destination): Promise<void> {
    this.endpoint.layer.sendAck(ack, await this.flowTo(destination));
  }

  /** The first request like that, come already or to come. */
  async next(method: string, matches: (request: SipRequest) => boolean = () => true): Promise<SipRequest> {
    return (await this.#arrival(method, matches)).request;
  }

  /** The same, with its transaction. */
  async arrive(
    method: string,
    matches: (request: SipRequest) => boolean = () => true,
  ): Promise<ServerTransaction<NodeFlow>> {
    const { transaction } = await this.#arrival(method, matches);
    if (transaction === undefined) throw new TypeError('expected a method other than ACK');
    return transaction;
  }

  createRequest({ method, uri, from, to, callId, cseq = 1, headers = [] }: RequestFields): SipRequest {
    this.#calls += 1;
    return {
      method,
      requestUri: uri,
      headers: Headers.of(
        ['Max-Forwards', '70'],
        ['From', from.includes(';tag=') ? from : `<${from}>;tag=from-${this.#calls}`],
        ['To', to.includes(';tag=') ? to : `<${to}>`],
        ['Call-ID', callId ?? `call-${this.#calls}@${this.address}`],
        ['CSeq', `${cseq} ${method}`],
        ...headers,
      ),
      body: noBody,
    };
  }

  createRegister(user: string, fields: RegisterFields = {}): SipRequest {
    const impu = fields.impu ?? `sip:${user}@ims.example`;
    const { contacts = [`<sip:${user}@wic.invalid;transport=ws>`], path = [this.route(`flow-${user}`)] } = fields;
    const statement = {
      'username': fields.impi ?? `${user}@ims.example`,
      'realm': 'ims.example',
      'uri': 'sip:ims.example',
      'nonce': '',
      'response': '',
      'integrity-protected': 'auth-done',
      ...fields.statement,
    };
    const authorization = fields.authorization ?? [formatAuthorization('Digest', statement)];
    const expires = 'expires' in fields ? fields.expires : 600;
    const { supported = 'path, outbound' } = fields;
    return this.createRequest({
      method: 'REGISTER',
      uri: 'sip:ims.example',
      from: fields.from ?? impu,
      to: impu,
      ...(fields.callId !== undefined && { callId: fields.callId }),
      ...(fields.cseq !== undefined && { cseq: fields.cseq }),
      headers: [
        ...contacts.map((contact) => ['Contact', contact] as const),
        ...path.map((value) => ['Path', value] as const),
        ...authorization.map((value) => ['Authorization', value] as const),
        ...(expires === undefined ? [] : [['Expires', String(expires)] as const]),
        ...(supported === '' ? [] : [['Supported', supported] as const]),
        ...(fields.headers ?? []),
      ],
    });
  }

  #arrival(method: string, matches: (request: SipRequest) => boolean): Promise<Arrival> {
    return this.arrivals.when(({ request }) => request.method === method && matches(request));
  }
}

/**
 * I-CSCF and S-CSCF as the eP-CSCF sees them: one SIP element with two mutual TLS listeners that does what a test says.
 *
 * @module
 */
import { createResponse, parseNameAddr, type ServerTransaction, type SipRequest, type SipResponse } from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { acceptSubscribe, isOfEdge } from './registration-notifier.ts';

export type Answer = (request: SipRequest) => SipResponse | undefined;

export class ScriptedCore {
  readonly endpoint: Endpoint;
  /** Every request that came, ACK included, but for the eP-CSCF's own SUBSCRIBEs. */
  readonly requests: SipRequest[] = [];
  /** SUBSCRIBEs of the eP-CSCF itself. */
  readonly subscribes: SipRequest[] = [];
  readonly #tls: TlsIdentity;
  readonly #transactions = new Map<SipRequest, ServerTransaction<NodeFlow>>();
  readonly #waiting: { matches: (request: SipRequest) => boolean; resolve: (request: SipRequest) => void }[] = [];
  #edge = { port: 0, name: '' };
  ports = { iCscf: 0, sCscf: 0 };
  /** What the eP-CSCF's own SUBSCRIBEs are answered with. */
  answerSubscribe: (request: SipRequest) => SipResponse = (request) => acceptSubscribe(request, this.ports.sCscf);
  /** What a request is answered with; undefined leaves that to the test. */
  answer: Answer;

  private constructor(tls: TlsIdentity) {
    this.#tls = tls;
    this.answer = (request) => this.answerWell(request);
    this.endpoint = new Endpoint({
      user: {
        onRequest: (transaction) => {
          if (isOfEdge(transaction.request)) {
            this.#subscribed(transaction);
            return;
          }
          this.#transactions.set(transaction.request, transaction);
          this.#arrived(transaction.request);
          const response = this.answer(transaction.request);
          if (response !== undefined) transaction.respond(response);
        },
        onAck: (ack) => this.#arrived(ack),
        onStrayResponse: () => {},
      },
      sentBy: () => `127.0.0.1:${this.ports.sCscf}`,
    });
  }

  static async start(iCscf: TlsIdentity, sCscf: TlsIdentity): Promise<ScriptedCore> {
    const core = new ScriptedCore(sCscf);
    const listen = async (name: string, tls: TlsIdentity): Promise<number> =>
      (await core.endpoint.listenTls({ name, host: '127.0.0.1', port: 0, tls })).port;
    core.ports = { iCscf: await listen('i-cscf', iCscf), sCscf: await listen('s-cscf', sCscf) };
    return core;
  }

  get sCscf(): string {
    return `<sip:orig@127.0.0.1:${this.ports.sCscf};transport=tls;lr>`;
  }

  /** Where the eP-CSCF under test is. */
  connectTo(port: number, name: string): void {
    this.#edge = { port, name };
  }

  /** 200 to everything; to REGISTER with what a registrar adds. */
  answerWell(request: SipRequest): SipResponse {
    if (request.method !== 'REGISTER') {
      const headers = request.headers.all('Record-Route').map((value) => ['Record-Route', value] as const);
      return createResponse(request, 200, { toTag: 'core', headers });
    }
    const to = parseNameAddr(request.headers.first('To') ?? '').uri;
    return createResponse(request, 200, {
      toTag: 'registrar',
      headers: [
        ...this.#grantedContacts(request),
        ['Service-Route', this.sCscf],
        ['P-Associated-URI', `<${to}>, <tel:+4930${to.length}>`],
        ['P-Charging-Vector', 'icid-value=secret;term-ioi=ims.example'],
        ['P-Charging-Function-Addresses', 'ccf=192.0.2.1'],
      ],
    });
  }

  /** The next request, or one that came already and that nobody has waited for. */
  next(matches: (request: SipRequest) => boolean): Promise<SipRequest> {
    const known = this.requests.find(matches);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }

  /** The SUBSCRIBE of the eP-CSCF itself that is number `number` of those that match. */
  nextSubscribe(matches: (request: SipRequest) => boolean, number = 1): Promise<SipRequest> {
    const find = (): SipRequest | undefined => this.subscribes.filter(matches)[number - 1];
    const known = find();
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.push({ matches: (request) => find() === request, resolve }));
  }

  respond(request: SipRequest, response: SipResponse): void {
    this.#transactions.get(request)?.respond(response);
  }

  /** Sends to the eP-CSCF as the S-CSCF, or as who `tls` is; the final response comes back. */
  async send(
    request: SipRequest,
    tls = this.#tls,
    onProvisional?: (response: SipResponse) => void,
  ): Promise<SipResponse> {
    const flow = await this.#flow(tls);
    return new Promise((resolve, reject) => {
      this.endpoint.layer.request(request, flow, (event) => {
        if (event.type !== 'response') reject(new Error(event.type));
        else if (event.response.statusCode >= 200) resolve(event.response);
        else onProvisional?.(event.response);
      });
    });
  }

  async sendAck(ack: SipRequest): Promise<void> {
    this.endpoint.layer.sendAck(ack, await this.#flow(this.#tls));
  }

  #flow(tls: TlsIdentity): Promise<NodeFlow> {
    const { port, name } = this.#edge;
    return this.endpoint.connectTls({ host: '127.0.0.1', port, serverName: name, tls });
  }

  #grantedContacts({ headers }: SipRequest): (readonly [string, string])[] {
    const asked = headers.first('Expires') ?? '600';
    return headers
      .all('Contact')
      .filter((contact) => contact !== '*' && asked !== '0')
      .map((contact) => ['Contact', `${contact};expires=${asked}`] as const);
  }

  #subscribed(transaction: ServerTransaction<NodeFlow>): void {
    const { request } = transaction;
    this.subscribes.push(request);
    transaction.respond(this.answerSubscribe(request));
    this.#tell(request);
  }

  #arrived(request: SipRequest): void {
    this.requests.push(request);
    this.#tell(request);
  }

  #tell(request: SipRequest): void {
    const at = this.#waiting.findIndex(({ matches }) => matches(request));
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.resolve(request);
  }
}

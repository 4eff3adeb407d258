/**
 * A gateway as nobody should build it: a P-CSCF whose certificate the core trusts, and that checks nothing.
 *
 * Every attack that the eP-CSCF refuses is tried here too, where it has to succeed: a test that passes at both tests
 * nothing. It reads a token without verifying it, lets through whatever a client says of itself, binds no connection to
 * anybody, and believes every NOTIFY.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '@wicgate/lab';
import {
  createResponse,
  decodeUtf8,
  findBearerToken,
  type Headers,
  isDigest,
  parseUri,
  prepareForward,
  readNameAddr,
  type ServerTransaction,
  type SipRequest,
  StatefulProxy,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { vouching } from './statement.ts';
import { readClaims } from './tokens.ts';

const host = '127.0.0.1';

export class NaiveEdge {
  readonly #lab: Lab;
  readonly #tls: TlsIdentity;
  readonly #endpoint: Endpoint;
  readonly #proxy: StatefulProxy<NodeFlow>;
  /** By public identity: the connection that its user registered on last. */
  readonly #users = new Map<string, NodeFlow>();
  #port = 0;
  #mwPort = 0;

  private constructor(lab: Lab, certificates: string) {
    const read = (file: string): Buffer => readFileSync(join(certificates, file));
    this.#lab = lab;
    this.#tls = { cert: read('ep-cscf.pem'), key: read('ep-cscf.key'), ca: read('ca.pem') };
    this.#endpoint = new Endpoint({
      sentBy: () => `${host}:${this.#mwPort}`,
      user: {
        onRequest: (transaction) => this.#forward(transaction),
        onAck: () => {},
        onStrayResponse: () => {},
      },
    });
    this.#proxy = new StatefulProxy({ layer: this.#endpoint.layer, clock: this.#endpoint.clock });
  }

  /** Before the core of `lab`; `certificates` is the folder that the lab keeps its certificates in. */
  static async start(lab: Lab, certificates: string): Promise<NaiveEdge> {
    const edge = new NaiveEdge(lab, certificates);
    const read = (file: string): Buffer => readFileSync(join(certificates, file));
    const tls = { cert: read('localhost.pem'), key: read('localhost.key') };
    const w2 = { name: 'w2', host, port: 0, tls, isTrustedOrigin: () => true, pingIntervalMs: 15_000 };
    ({ port: edge.#port } = await edge.#endpoint.listenWebSocket(w2));
    ({ port: edge.#mwPort } = await edge.#endpoint.listenTcp({ name: 'mw', host, port: 0 }));
    return edge;
  }

  /** Of W2. */
  get port(): number {
    return this.#port;
  }

  /** Of Mw: TCP, for everybody. */
  get mwPort(): number {
    return this.#mwPort;
  }

  async stop(): Promise<void> {
    await this.#endpoint.stop();
  }

  async #forward(transaction: ServerTransaction<NodeFlow>): Promise<void> {
    const { request, flow } = transaction;
    if (request.method === 'NOTIFY' && request.headers.first('Event') === 'reg') {
      this.#believe(request);
      transaction.respond(createResponse(request, 200, { toTag: 'naive' }));
      return;
    }
    const { request: sent, nextHop } = prepareForward(this.#prepare(request));
    const target = { request: sent, flow: await this.#flowTo(nextHop) };
    this.#proxy.forward(transaction, [target], {
      onFinal: ({ statusCode }) => {
        if (request.method !== 'REGISTER' || statusCode !== 200) return;
        this.#users.set(readNameAddr(request.headers, 'To').uri, flow);
      },
    });
  }

  #prepare(request: SipRequest): SipRequest {
    if (request.method !== 'REGISTER') return request;
    const headers = request.headers.has('Path')
      ? request.headers
      : request.headers.with('Path', `<sip:flow@${host}:${this.#mwPort};lr;ob>`);
    // Without it the core would take them for users of a mobile network (TS 33.203 P.4.2).
    const known = headers.with('P-Access-Network-Info', 'WebRTC;network-provided');
    return { ...request, headers: withStatement(known) };
  }

  /** Where the message says; the I-CSCF where it says nothing. */
  async #flowTo(nextHop: string): Promise<NodeFlow> {
    const { iCscfTls, sCscfTls } = this.#lab.ports;
    const uri = parseUri(nextHop);
    const isSCscf = uri.scheme !== 'tel' && uri.port === sCscfTls;
    const place = isSCscf ? { port: sCscfTls, cscf: 's-cscf' } : { port: iCscfTls, cscf: 'i-cscf' };
    const serverName = `${place.cscf}.${this.#lab.homeDomain}`;
    return this.#endpoint.connectTls({ host, port: place.port, serverName, tls: this.#tls });
  }

  /** Whose registration has ended, whoever says so. */
  #believe({ body }: SipRequest): void {
    for (const [, aor = ''] of (decodeUtf8(body) ?? '').matchAll(/aor="([^"]+)" id="[^"]+" state="terminated"/gu)) {
      this.#users.get(aor)?.close(1_000);
    }
  }
}

/** A token becomes the word of a trusted node, unverified; what a client says itself stays. */
function withStatement(headers: Headers): Headers {
  const token = findBearerToken(headers);
  if (token === undefined) return headers;
  const own = headers.all('Authorization').filter(isDigest);
  const kept = own.length > 0 ? own : [vouching(String(readClaims(token).impi))];
  return kept.reduce((left, value) => left.with('Authorization', value), headers.without('Authorization'));
}

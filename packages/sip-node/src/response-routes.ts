/**
 * The way of a response whose connection has gone (RFC 3261 18.2.2, RFC 3263 5): a new connection to the address that the
 * request came from and the port in its Via, and if the endpoint allows it, on to where the sent-by leads.
 *
 * @module
 */
import { isIP } from 'node:net';
import {
  defaultPorts,
  type LocationOptions,
  locateResponse,
  parseVia,
  type ServerTarget,
  type SipResponse,
  type Transport,
  TransportFailed,
  type Via,
} from '@wicgate/sip';
import { withoutBrackets } from './address.ts';
import type { NodeFlow } from './node-flow.ts';

export interface ResponseRoutesOptions {
  /** Undefined where a response goes nowhere but to the source of its request. */
  readonly location: (() => Omit<LocationOptions, 'transports'>) | undefined;
  /** @throws {TransportFailed} rejects: the target cannot be reached. */
  readonly connect: (target: ServerTarget) => Promise<NodeFlow>;
}

/** A response is worth no more. */
const maxTargets = 3;
/** Connections that responses led to, at a time: whoever asks and goes away shall not fill up those for requests. */
const maxConnections = 200;

export class ResponseRoutes {
  readonly #options: ResponseRoutesOptions;
  /** Those that lead back. */
  readonly #flows = new Set<NodeFlow>();
  #opening = 0;

  constructor(options: ResponseRoutesOptions) {
    this.#options = options;
  }

  /** @throws {TransportFailed} rejects: nobody could be reached. */
  async send(response: SipResponse, gone: NodeFlow): Promise<void> {
    const via = parseVia(response.headers.first('Via') ?? '');
    const transport = gone.transport;
    if (transport !== 'TCP' && transport !== 'TLS') throw new TransportFailed('the connection is closed');
    const domain = provenName(via, gone);
    if (domain === undefined) throw new TransportFailed('nobody is known who may have the response');
    let failure: unknown;
    for await (const target of this.#targets(via, transport, gone)) {
      try {
        const flow = await this.#connect({ ...target, domain });
        return await flow.send(response);
      } catch (error) {
        if (!(error instanceof TransportFailed)) throw error;
        failure = error;
      }
    }
    throw new TransportFailed('the connection is closed, and no other way leads back', { cause: failure });
  }

  async #connect(target: ServerTarget): Promise<NodeFlow> {
    for (const flow of this.#flows) if (!flow.isOpen) this.#flows.delete(flow);
    if (this.#flows.size + this.#opening >= maxConnections) throw new TransportFailed('too many connections lead back');
    this.#opening += 1;
    try {
      const flow = await this.#options.connect(target);
      this.#flows.add(flow);
      return flow;
    } finally {
      this.#opening -= 1;
    }
  }

  async *#targets(via: Via, transport: Transport & ('TCP' | 'TLS'), gone: NodeFlow): AsyncGenerator<ServerTarget> {
    const { address } = gone.peer;
    yield { transport, address, port: via.port ?? defaultPorts[transport], domain: via.host };
    const { location } = this.#options;
    if (location !== undefined) yield* locateResponse(via, { ...location(), transports: [transport], maxTargets });
  }
}

/** Whom the certificate at the other end must name: over TLS nobody but the peer that has gone may have the response. */
function provenName({ host }: Via, { transport, peer }: NodeFlow): string | undefined {
  const name = withoutBrackets(host).toLowerCase();
  if (transport !== 'TLS' || peer.certificateNames.includes(name)) return name;
  return isIP(name) === 0 ? undefined : peer.certificateNames[0];
}

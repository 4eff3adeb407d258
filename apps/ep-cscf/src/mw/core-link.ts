/**
 * The way to the core: connections to its peers on Mw, and REGISTER to its entry point.
 *
 * @module
 */
import { type SipRequest, type SipResponse, TransportFailed } from '@wicgate/sip';
import type { Endpoint, NodeFlow, TlsIdentity } from '@wicgate/sip-node';
import { CoreUnreachable } from '../errors.ts';
import type { MwPeer } from './peer-table.ts';

export interface CoreLinkOptions {
  readonly endpoint: Pick<Endpoint, 'connectTls' | 'layer'>;
  readonly tls: TlsIdentity;
  readonly iCscf: MwPeer;
}

export class CoreLink {
  readonly #options: CoreLinkOptions;

  constructor(options: CoreLinkOptions) {
    this.#options = options;
  }

  /** @throws {TransportFailed} */
  flowTo({ host, port, name }: MwPeer): Promise<NodeFlow> {
    const { endpoint, tls } = this.#options;
    return endpoint.connectTls({ host, port, serverName: name, tls });
  }

  /**
   * The final response of the core to a REGISTER, without our Via.
   *
   * @throws {CoreUnreachable} no connection, or no answer in 64*T1.
   */
  async register(request: SipRequest): Promise<SipResponse> {
    const response = await this.deregister(request);
    const headers = response.headers.withoutFirst('Via');
    if (!headers.has('Via')) throw new CoreUnreachable();
    return { ...response, headers };
  }

  /** The same for a REGISTER of our own, which nobody waits for further down. @throws {CoreUnreachable} */
  async deregister(request: SipRequest): Promise<SipResponse> {
    const flow = await this.#flowToEntry();
    return new Promise<SipResponse>((resolve, reject) => {
      this.#options.endpoint.layer.request(request, flow, (event) => {
        if (event.type === 'timeout') reject(new CoreUnreachable());
        else if (event.type === 'transport error') reject(new CoreUnreachable({ cause: event.error }));
        else if (event.response.statusCode >= 200) resolve(event.response);
      });
    });
  }

  async #flowToEntry(): Promise<NodeFlow> {
    try {
      return await this.flowTo(this.#options.iCscf);
    } catch (cause) {
      if (!(cause instanceof TransportFailed)) throw cause;
      throw new CoreUnreachable({ cause });
    }
  }
}

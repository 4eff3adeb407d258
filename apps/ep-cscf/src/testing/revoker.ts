/**
 * WAFs that revoke at an eP-CSCF, over its operations listener.
 *
 * @module
 */
import type { Edge } from './edge.ts';
import type { WafServer } from './waf-server.ts';

export interface RevocationAnswer {
  readonly status: number;
  readonly body: string;
  readonly challenge: string | null;
}

/** When tokens that are issued now will have expired, in Unix seconds. */
export function later(): number {
  return Math.floor(Date.now() / 1_000) + 300;
}

export class Revoker {
  readonly #edge: Edge;
  readonly #url: string;

  private constructor(edge: Edge, port: number) {
    this.#edge = edge;
    this.#url = `http://127.0.0.1:${port}/revocations`;
  }

  static async open(edge: Edge): Promise<Revoker> {
    return new Revoker(edge, await edge.listenOperations());
  }

  /** Says whatever it is told to. */
  async post(authorization: string | undefined, body: unknown): Promise<RevocationAnswer> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const challenge = response.headers.get('www-authenticate');
    return { status: response.status, body: await response.text(), challenge };
  }

  /** As a WAF does it; `what` has `jti` or `sid`. */
  async revoke(what: object, waf: WafServer = this.#edge.waf): Promise<RevocationAnswer> {
    return this.post(`Bearer ${await waf.state()}`, { exp: later(), ...what });
  }
}

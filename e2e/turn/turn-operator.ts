/**
 * The TURN server's operator: who has allocations, whose credentials end, and whether the server is drained.
 *
 * @module
 */
import type { LabPorts } from '@wicgate/lab';

/** Another token than the lab would make up: these tests have to know it. */
const operatorToken: string = 'the-operator-of-the-turn-server-in-these-tests';

/** Settings of a lab whose TURN server can be operated by {@link TurnOperator}. */
export const operatedTurn = {
  TURN_OPERATOR_TOKEN: operatorToken,
  EP_CSCF_TURN_OPERATOR_TOKEN: operatorToken,
} as const;

/** One row of `GET /turn/allocations`. */
interface ListedAllocation {
  readonly tid: string;
  readonly relayed: readonly string[];
}

export class TurnOperator {
  readonly #url: string;
  readonly #token: string;

  constructor({ operations }: Pick<LabPorts, 'operations'>, token: string = operatorToken) {
    this.#url = `http://127.0.0.1:${operations}/turn`;
    this.#token = token;
  }

  /** Status of the answer. The credentials of these Tids end, and open nothing for five minutes. */
  revoke(...tids: readonly string[]): Promise<number> {
    return this.#ask('POST', '/revocations', { tids, until: Math.floor(Date.now() / 1_000) + 300 });
  }

  drain(): Promise<number> {
    return this.#ask('POST', '/drain');
  }

  endDrain(): Promise<number> {
    return this.#ask('DELETE', '/drain');
  }

  /** The relayed transport addresses of a credential's allocations. */
  async relayedOf(tid: string): Promise<readonly string[]> {
    const all = await this.allocations();
    return all.filter((each) => each.tid === tid).flatMap(({ relayed }) => relayed);
  }

  async allocations(): Promise<readonly ListedAllocation[]> {
    const answer = await fetch(`${this.#url}/allocations`, { headers: this.#headers });
    if (answer.status !== 200) throw new Error(`expected 200, got ${answer.status}`);
    return ((await answer.json()) as { readonly allocations: readonly ListedAllocation[] }).allocations;
  }

  get #headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#token}`, connection: 'close' };
  }

  async #ask(method: string, path: string, body?: unknown): Promise<number> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const { status } = await fetch(`${this.#url}${path}`, { method, headers: this.#headers, ...sent });
    return status;
  }
}

/** Of a user name of X.5.2, `Tid:Texp`. */
export function tidOf({ username }: { readonly username: string }): string {
  return username.split(':')[0] ?? '';
}

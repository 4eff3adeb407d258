/**
 * What an operator does to the lab from outside: provisioning, the operations listener, metrics.
 *
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { LabPorts } from '@wicgate/lab';

export interface PostParts {
  readonly authorization?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Operator {
  readonly #hss: string;
  readonly #operations: string;

  constructor(ports: Pick<LabPorts, 'hss' | 'operations'>) {
    this.#hss = `http://127.0.0.1:${ports.hss}`;
    this.#operations = `http://127.0.0.1:${ports.operations}`;
  }

  /** Puts a subscription into the HSS. */
  async subscribe(subscription: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await fetch(`${this.#hss}/subscriptions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subscription),
    });
    if (response.status !== 201) throw new Error(`expected 201, got ${response.status} ${await response.text()}`);
  }

  /** Status of the answer of the operations listener. */
  async ask(method: string, path: string, { authorization, body, headers = {} }: PostParts = {}): Promise<number> {
    const sent = request(`${this.#operations}${path}`, {
      method,
      agent: false,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    });
    sent.end(body === undefined ? '' : JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  }

  /**
   * By series, as `name{labels}` or `name`: how much each counter of `names` has grown while `work` was done. Of requests
   * only REGISTERs count: the eP-CSCF subscribes to registrations when it finds time.
   */
  async counted(names: readonly string[], work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    const before = await this.#counters(names);
    await work();
    const after = await this.#counters(names);
    const grown = [...after].map(([series, value]) => [series, value - (before.get(series) ?? 0)] as const);
    return Object.fromEntries(grown.filter(([, by]) => by > 0));
  }

  async #counters(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.#operations}/metrics`)).text();
    const lines = text.split('\n').filter((line) => isOf(names, line) && !isOfOtherMethod(line));
    return new Map(
      lines.map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
    );
  }
}

function isOf(names: readonly string[], line: string): boolean {
  return names.some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function isOfOtherMethod(line: string): boolean {
  return line.includes('method="') && !line.includes('method="REGISTER"');
}

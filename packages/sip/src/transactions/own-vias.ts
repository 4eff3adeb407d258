/**
 * The Via that goes on top of requests of ours (RFC 3261 8.1.1.7, 18.1.1, RFC 3581 3).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { parseVia } from '../headers/via.ts';
import type { Flow } from './flow.ts';

export class OwnVias<F extends Flow> {
  /** What the flows were last seen to call themselves: that is checked once, not for each request. */
  readonly #checked = new WeakMap<F, string>();

  /** Protocol and sent-by of the flow, `params`, the branch. @throws {TypeError} the flow has no sent-by. */
  format(flow: F, branch: string, params: readonly (readonly [name: string, value: string])[] = []): string {
    let via = `SIP/2.0/${flow.transport} ${flow.sentBy}`;
    if (this.#checked.get(flow) !== via) this.#check(flow, via);
    // RFC 3581 3: the answer comes back to the port that the request left from, through whatever translates addresses.
    if (flow.transport === 'UDP') via += ';rport';
    for (const [name, value] of params) via += value === '' ? `;${name}` : `;${name}=${value}`;
    return `${via};branch=${branch}`;
  }

  #check(flow: F, via: string): void {
    try {
      parseVia(via);
    } catch (cause) {
      if (!(cause instanceof SipError)) throw cause;
      throw new TypeError('expected host or host:port for the sent-by of a flow', { cause });
    }
    this.#checked.set(flow, via);
  }
}

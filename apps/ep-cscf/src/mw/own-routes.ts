/**
 * Our own URI in Path, Record-Route and Route: it carries a flow token (RFC 5626 5.1, RFC 3327).
 *
 * @module
 */
import type { SipUri } from '@wicgate/sip';
import type { FlowName } from '../registration/flow-name.ts';
import type { DialogToken, FlowToken, FlowTokens } from '../registration/flow-token.ts';

export interface OwnRoutesOptions {
  readonly tokens: FlowTokens;
  /** `host:port` of the listener on Mw; known once it listens. */
  readonly address: () => string;
}

export class OwnRoutes {
  readonly #tokens: FlowTokens;
  readonly #address: () => string;

  constructor({ tokens, address }: OwnRoutesOptions) {
    this.#tokens = tokens;
    this.#address = address;
  }

  /** URI for the Path of a REGISTER. `outbound` says that flows are kept (RFC 5626 5.1). */
  path(flow: FlowName, outbound: boolean): string {
    return `${this.#uri({ kind: 'path', flow }, '')}${outbound ? ';ob' : ''}`;
  }

  /** URI for the Record-Route of a request that leaves for `requestUri`. */
  recordRoute(token: DialogToken, requestUri: string): string {
    return this.#uri(token, requestUri);
  }

  /** Whether the URI of a Route entry is ours. */
  isOwn({ host, port }: SipUri): boolean {
    return `${host}:${port ?? ''}` === this.#address();
  }

  /** The token in a URI of ours. @throws {FlowTokenInvalid} */
  readToken({ user }: SipUri): FlowToken {
    return this.#tokens.open(user ?? '');
  }

  /** To a SIPS URI goes a SIPS URI (RFC 3261 16.6 step 4). */
  #uri(token: FlowToken, target: string): string {
    const address = `${this.#tokens.seal(token)}@${this.#address()}`;
    return target.toLowerCase().startsWith('sips:') ? `sips:${address};lr` : `sip:${address};transport=tls;lr`;
  }
}

/**
 * Our own URI in Path, Record-Route and Route: it carries a flow token (RFC 5626 5.1, RFC 3327).
 *
 * @module
 */
import { parseNameAddr, parseUri } from '@wicgate/sip';
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

  /** Path of a REGISTER. `outbound` says that flows are kept (RFC 5626 5.1). */
  path(flow: FlowName, outbound: boolean): string {
    return `<${this.#uri({ kind: 'path', flow })}${outbound ? ';ob' : ''}>`;
  }

  recordRoute(token: DialogToken): string {
    return `<${this.#uri(token)}>`;
  }

  /** Whether a Route entry is ours. @throws {HeaderMalformed} */
  isOwn(route: string): boolean {
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    return uri.scheme === 'sip' && `${uri.host}:${uri.port ?? ''}` === this.#address();
  }

  /**
   * The token in a Route entry of ours.
   *
   * @throws {FlowTokenInvalid} @throws {HeaderMalformed}
   */
  readToken(route: string): FlowToken {
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    return this.#tokens.open(uri.scheme === 'tel' ? '' : (uri.user ?? ''));
  }

  #uri(token: FlowToken): string {
    return `sip:${this.#tokens.seal(token)}@${this.#address()};transport=tls;lr`;
  }
}

/**
 * Our own URI in Path, Record-Route and Route: it carries a flow token (RFC 5626 5.1, RFC 3327).
 *
 * @module
 */
import { parseNameAddr, parseUri } from '@wicgate/sip';
import type { FlowName } from '../registration/flow-name.ts';
import type { FlowTokens } from '../registration/flow-token.ts';

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
  path(name: FlowName, outbound: boolean): string {
    return `<${this.#uri(name)}${outbound ? ';ob' : ''}>`;
  }

  recordRoute(name: FlowName): string {
    return `<${this.#uri(name)}>`;
  }

  /** Whether a Route entry is ours. @throws {HeaderMalformed} */
  isOwn(route: string): boolean {
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    return uri.scheme === 'sip' && `${uri.host}:${uri.port ?? ''}` === this.#address();
  }

  /**
   * The flow that a Route entry of ours names.
   *
   * @throws {FlowTokenInvalid} @throws {HeaderMalformed}
   */
  readFlowName(route: string): FlowName {
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    return this.#tokens.open(uri.scheme === 'tel' ? '' : (uri.user ?? ''));
  }

  #uri(name: FlowName): string {
    return `sip:${this.#tokens.seal(name)}@${this.#address()};transport=tls;lr`;
  }
}

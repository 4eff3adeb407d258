/**
 * Digest at the registrar, one server for each list of algorithms that users are offered (RFC 7616 3.3, RFC 8760 2.3).
 *
 * @module
 */
import { DigestServer, type DigestServerOptions } from '@wicgate/sip';
import { type AuthenticationData, algorithmsOf, parametersOf } from './authentication-data.ts';

type HeaderField = readonly [name: string, value: string];

export class DigestServers {
  readonly #options: Omit<DigestServerOptions, 'algorithms'>;
  readonly #servers = new Map<string, DigestServer>();

  constructor(options: Omit<DigestServerOptions, 'algorithms'>) {
    this.#options = options;
  }

  /** The one that offers what this user is challenged by. */
  for(data: AuthenticationData): DigestServer {
    const algorithms = algorithmsOf(data);
    const key = algorithms.join();
    const server = this.#servers.get(key) ?? new DigestServer({ ...this.#options, algorithms });
    this.#servers.set(key, server);
    return server;
  }

  /** The header fields of a challenge, with `ik` and `ck` where they belong (TS 24.229 5.4.1.2.1A, 7.2A.1). */
  challenge(
    data: AuthenticationData,
    options: { readonly bound: string; readonly stale: boolean },
  ): readonly HeaderField[] {
    const tail = parametersOf(data).map(([name, value]) => `, ${name}="${value}"`);
    return this.for(data)
      .challenge(options)
      .map(([name, value]) => [name, value + tail.join('')]);
  }
}

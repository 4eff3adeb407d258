/**
 * One value of Security-Client, Security-Server or Security-Verify (RFC 3329 2.2; ipsec-3gpp from TS 33.203 annex H).
 *
 *     sec-mechanism = mechanism-name *( SEMI mech-parameters )
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import { findQValue } from './param-values.ts';
import { formatTokenParams, parseTokenParams } from './token-params.ts';

/** One mechanism that an end can protect the first hop with. */
export interface SecurityMechanism {
  /** Lower case, e.g. `tls` or `ipsec-3gpp`. */
  readonly name: string;
  /** Names in lower case, values as written: `q`, `alg`, `prot`, `mod`, `ealg`, `spi-c`, `port-s` and so on. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} also where `q` is none from 0 to 1. */
export function parseSecurityMechanism(value: string, header = 'Security-Client'): SecurityMechanism {
  const { token, params } = parseTokenParams(value, header, 'mechanism');
  if (params.has('q') && findQValue(params.get('q')) === undefined) {
    throw new HeaderMalformed(header, token.length, 'q from 0 to 1');
  }
  return { name: token.toLowerCase(), params };
}

/** @throws {TypeError} no token for a name, or parameters out of the grammar. */
export function formatSecurityMechanism({ name, params }: SecurityMechanism): string {
  return formatTokenParams({ token: name, params });
}

/** Its preference from 0 to 1 (RFC 3329 2.2): 0.001 where there is no `q`, which puts it last. */
export function preferenceOf({ params }: SecurityMechanism): number {
  return findQValue(params.get('q')) ?? 0.001;
}

/**
 * Whether both lists say the same, in the same order (RFC 3329 2.3.1): Security-Verify must repeat Security-Server, or
 * somebody between has taken the stronger mechanisms away.
 */
export function isSameMechanisms(left: readonly SecurityMechanism[], right: readonly SecurityMechanism[]): boolean {
  return left.length === right.length && left.every((each, index) => isSame(each, right[index]));
}

function isSame(left: SecurityMechanism, right: SecurityMechanism | undefined): boolean {
  if (right === undefined || left.name !== right.name || left.params.size !== right.params.size) return false;
  return [...left.params].every(([name, value]) => right.params.get(name)?.toLowerCase() === value.toLowerCase());
}

/**
 * The P-Charging-Function-Addresses header field (RFC 7315 4.5 and 5.7).
 *
 *     P-Charging-Addr = charge-addr-params *( SEMI charge-addr-params )
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/** One address: `ccf`, `ecf`, `ccf-2`, `ecf-2` or an extension, with its value as written. */
export type ChargingFunctionAddress = readonly [name: string, value: string];

const maxAddresses = 16;

/** The addresses in their order; a name may come several times. @throws {HeaderMalformed} @throws {MessageTooLarge} */
export function parsePChargingFunctionAddresses(value: string): readonly ChargingFunctionAddress[] {
  const scanner = new Scanner('P-Charging-Function-Addresses', value);
  const addresses: ChargingFunctionAddress[] = [];
  do {
    if (addresses.length >= maxAddresses) throw new MessageTooLarge('charging function addresses', maxAddresses);
    addresses.push(scanner.param());
  } while (scanner.accept(';') || scanner.accept(','));
  scanner.end();
  return addresses;
}

/** @throws {TypeError} a name that is no token, or a value out of the grammar. */
export function formatPChargingFunctionAddresses(addresses: readonly ChargingFunctionAddress[]): string {
  return addresses.map(([name, value]) => formatParams(new Map([[name, value]])).slice(1)).join(';');
}

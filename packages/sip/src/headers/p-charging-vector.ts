/**
 * The P-Charging-Vector header field (RFC 7315 4.6 and 5.6; TS 24.229 7.2A.5).
 *
 *     P-Charging-Vector = icid-value *( SEMI charge-params )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/**
 * The parameters in their order: names in lower case, values as written, with the quotes of quoted ones. `icid-value`
 * is always there, and names one dialog or transaction in every charging record; `orig-ioi`, `term-ioi`,
 * `icid-generated-at` and others may be.
 *
 * @throws {HeaderMalformed} also without `icid-value`, or where a parameter comes twice.
 */
export function parsePChargingVector(value: string): ReadonlyMap<string, string> {
  const scanner = new Scanner('P-Charging-Vector', value);
  const params = new Map([scanner.param()]);
  for (const [name, text] of scanner.params()) {
    if (params.has(name)) scanner.fail('each parameter once', 0);
    params.set(name, text);
  }
  scanner.end();
  if (isBlank(params.get('icid-value'))) scanner.fail('icid-value', 0);
  return params;
}

/** @throws {TypeError} no `icid-value`, an empty one, or parameters out of the grammar. */
export function formatPChargingVector(params: ReadonlyMap<string, string>): string {
  if (isBlank(params.get('icid-value'))) throw new TypeError('expected icid-value');
  return formatParams(params).slice(1);
}

function isBlank(icid: string | undefined): boolean {
  return icid === undefined || icid === '' || icid === '""';
}

/**
 * Writes parameters (RFC 3261 7.3.1).
 *
 * @module
 */
import { endOfRun, isToken, parameterValueClass } from './characters.ts';
import { isQuotedString } from './quoted-string.ts';

/**
 * `;name=value` for each parameter, values as they are; the name alone where the value is ''.
 *
 * @throws {TypeError} a name that is no token, or a value that would end its parameter.
 */
export function formatParams(params: ReadonlyMap<string, string>): string {
  let text = '';
  for (const [name, value] of params) {
    if (!isToken(name)) throw new TypeError('expected a token for a parameter name');
    if (!isParameterValue(value)) throw new TypeError(`${name}: expected a token, a host or a quoted string`);
    text += value === '' ? `;${name}` : `;${name}=${value}`;
  }
  return text;
}

function isParameterValue(value: string): boolean {
  return endOfRun(value, 0, parameterValueClass) === value.length || isQuotedString(value);
}

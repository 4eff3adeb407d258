/**
 * Character classes of the grammar as bit tables (RFC 3261 25.1).
 *
 * @module
 */

const alphanum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const tokenTable = tableOf(`${alphanum}-.!%*_+\`'~`);
const hostTable = tableOf(`${alphanum}-._`);
const ipv6Table = tableOf('0123456789abcdefABCDEF:.');
const parameterValueTable = tableOf(`${alphanum}-.!%*_+\`'~:[]/?@$&=(){}`);

/** token: method names, parameter names, option tags. */
export const isTokenCharacter = (code: number): boolean => tokenTable[code] === 1;
/** hostname and IPv4address; the underscore is no host character by the grammar but is met in networks. */
export const isHostCharacter = (code: number): boolean => hostTable[code] === 1;
export const isIpv6Character = (code: number): boolean => ipv6Table[code] === 1;
/** An unquoted parameter value: token, host, and what peers write unquoted in extension parameters. */
export const isParameterValueCharacter = (code: number): boolean => parameterValueTable[code] === 1;
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Within a header field value that was unfolded already. */
export const isWhitespace = (code: number): boolean => code === 32 || code === 9;

/**
 * Values of parameters that are numbers (RFC 3261 25.1).
 *
 *     delta-seconds = 1*DIGIT
 *     qvalue        = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
 *
 * @module
 */

/** The number that a value of one to ten digits says; undefined where it is none, or above `max`. */
export function findWholeNumber(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/u.test(text)) return undefined;
  return Number(text) > max ? undefined : Number(text);
}

/** A preference from 0 to 1; undefined where it is none. */
export function findQValue(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/u.test(text) ? Number(text) : undefined;
}

/**
 * The torture test messages of RFC 4475 and RFC 5118. The files are the source; Vite puts them in as data URLs, so
 * that the same suite reads the same octets in Node and in a browser.
 *
 * @module
 */

export type Rfc = 'rfc4475' | 'rfc5118';

const urls = import.meta.glob('./vectors/*/*.sip', { query: '?url&inline', import: 'default', eager: true });

/** The octets of one message, in memory of their own. @throws {TypeError} there is no such file. */
export function readVector(rfc: Rfc, name: string): Uint8Array {
  const url = urls[`./vectors/${rfc}/${name}.sip`];
  if (url === undefined) throw new TypeError(`expected vectors/${rfc}/${name}.sip`);
  return Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) => character.charCodeAt(0));
}

/** The names of the messages of one RFC. */
export function vectorNames(rfc: Rfc): readonly string[] {
  const folder = `./vectors/${rfc}/`;
  return Object.keys(urls)
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length, -'.sip'.length));
}

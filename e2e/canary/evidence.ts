/**
 * All that a run has left behind, by the place where it was found.
 *
 * @module
 */
import { createHash } from 'node:crypto';

export const places = [
  'log',
  'output',
  'metrics',
  'console',
  'page text',
  'address',
  'referrer',
  'request header',
  'request body',
  'answer header',
  'answer body',
  'error answer',
  'W2 from page',
  'W2 to page',
  'storage',
  'cookie',
  'file',
  'Mw',
  'between functions',
] as const;

export type Place = (typeof places)[number];

export interface Item {
  readonly place: Place;
  /** Where in it: a function and path, a file, the row of a table. */
  readonly at: string;
  readonly octets: Buffer;
}

const maxOctets = 300_000_000;

export class Evidence {
  readonly #items: Item[] = [];
  readonly #seen = new Set<string>();
  #size = 0;

  /** The same content at the same place is kept once. @throws {TypeError} there is more than anybody can search. */
  add(place: Place, at: string, content: string | Uint8Array): void {
    const octets = Buffer.from(content);
    const key = createHash('sha256').update(`${place}\0${at}\0`).update(octets).digest('base64');
    if (octets.length === 0 || this.#seen.has(key)) return;
    this.#size += octets.length;
    if (this.#size > maxOctets) throw new TypeError(`evidence: expected at most ${maxOctets} octets`);
    this.#seen.add(key);
    this.#items.push({ place, at, octets });
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  of(place: Place): readonly Item[] {
    return this.#items.filter((item) => item.place === place);
  }
}

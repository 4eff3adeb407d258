/**
 * Copies of what passes between two functions of one process, so that neither can reach into the other.
 *
 * @module
 */

/** Cx data are flat; what is deeper than this is no Cx data. */
const maxDepth = 16;

/**
 * A deep copy that nobody can change. Octets are copied but, as the language has it, stay writable.
 *
 * @throws {TypeError} something else than plain objects, arrays, octets and primitive values.
 */
export function frozenCopy<T>(value: T): T {
  return copy(value, maxDepth) as T;
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'function') throw new TypeError('expected data, not a function');
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw new TypeError(`expected data at most ${maxDepth} levels deep`);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return Object.freeze(value.map((item) => copy(item, depth - 1)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('expected a plain object');
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item, depth - 1)])));
}

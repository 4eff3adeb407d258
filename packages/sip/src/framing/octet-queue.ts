/**
 * Octets that wait for the rest of their message. Many small chunks cost no more than one large one.
 *
 * @module
 */

const smallestBuffer = 1_024;

export class OctetQueue {
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** Whether `#buffer` is this queue's own, and not a chunk that somebody lent. */
  #isOwn = true;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What waits. Valid until the next call; what shall live longer is to be copied. */
  get octets(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#buffer = chunk;
      this.#isOwn = false;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    if (!this.#isOwn || this.#end + chunk.length > this.#buffer.length) this.#grow(this.length + chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes `length` octets off the front. */
  drop(length: number): void {
    this.#start += length;
  }

  #grow(needed: number): void {
    const buffer = new Uint8Array(Math.max(smallestBuffer, 2 * needed));
    buffer.set(this.octets);
    this.#end = this.length;
    this.#start = 0;
    this.#buffer = buffer;
    this.#isOwn = true;
  }
}

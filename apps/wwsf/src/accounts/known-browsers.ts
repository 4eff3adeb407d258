/**
 * Browsers in which a user has signed in before: they hold a value that names the account and proves that we made it.
 *
 * It lets nobody in. It only counts the failures of such a browser apart from those of strangers.
 *
 * @module
 */
import { createOpaque, isSameOpaque } from '../sessions/opaque.ts';
import type { Sealer } from '../sessions/sealer.ts';

export const knownForSeconds = 90 * 86_400;

export class KnownBrowsers {
  readonly #sealer: Pick<Sealer, 'mark'>;
  readonly #now: () => number;

  constructor(sealer: Pick<Sealer, 'mark'>, now: () => number = Date.now) {
    this.#sealer = sealer;
    this.#now = now;
  }

  /** A value for the browser in which `username` has just signed in; another one each time. */
  create(username: string): string {
    const content = `${createOpaque()}.${this.#now() + 1_000 * knownForSeconds}`;
    return `${content}.${this.#sign(content, username)}`;
  }

  /** The id of the browser that holds `value`, if it is known to `username`. */
  findId(value: string | undefined, username: string): string | undefined {
    const [id, endsAt, signature, ...more] = value?.split('.') ?? [];
    if (id === undefined || signature === undefined || more.length > 0 || !(Number(endsAt) > this.#now())) {
      return undefined;
    }
    return isSameOpaque(signature, this.#sign(`${id}.${endsAt}`, username)) ? id : undefined;
  }

  #sign(content: string, username: string): string {
    return this.#sealer.mark(`known browser\0${username}\0${content}`);
  }
}

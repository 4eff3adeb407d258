/**
 * The questions that one search may ask of DNS: a bounded number, and failures that are kept for the end.
 *
 * @module
 */
import type { NaptrRecord, Resolver, SrvRecord } from './resolver.ts';

/** No honest domain needs more; a hostile one could send us from name to name. */
const maxLookups = 48;
/** RFC 1035 2.3.4. */
const maxNameCharacters = 253;

export class Lookups {
  readonly #resolver: Resolver;
  #left = maxLookups;
  #failure: unknown;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** What the last lookup that failed failed with. */
  get failure(): unknown {
    return this.#failure;
  }

  naptr(name: string): Promise<readonly NaptrRecord[]> {
    return this.#ask(name, (asked) => this.#resolver.naptr(asked));
  }

  srv(name: string): Promise<readonly SrvRecord[]> {
    return this.#ask(name, (asked) => this.#resolver.srv(asked));
  }

  a(name: string): Promise<readonly string[]> {
    return this.#ask(name, (asked) => this.#resolver.a(asked));
  }

  aaaa(name: string): Promise<readonly string[]> {
    return this.#ask(name, (asked) => this.#resolver.aaaa(asked));
  }

  /** Empty where there is nothing, too much was asked, or the lookup failed. */
  async #ask<Answer>(name: string, ask: (name: string) => Promise<readonly Answer[]>): Promise<readonly Answer[]> {
    const asked = name.endsWith('.') ? name.slice(0, -1) : name;
    if (this.#left <= 0 || asked === '' || asked.length > maxNameCharacters) return [];
    this.#left -= 1;
    try {
      return await ask(asked);
    } catch (cause) {
      this.#failure = cause;
      return [];
    }
  }
}

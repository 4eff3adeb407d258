/**
 * DNS in memory: a zone as a table, and what was asked.
 *
 * @module
 */
import type { NaptrRecord, Resolver, SrvRecord } from '../resolver.ts';

export interface Zone {
  /** Each as `order preference flags service replacement`. */
  readonly naptr?: Readonly<Record<string, readonly string[]>>;
  /** Each as `priority weight port target`. */
  readonly srv?: Readonly<Record<string, readonly string[]>>;
  readonly a?: Readonly<Record<string, readonly string[]>>;
  readonly aaaa?: Readonly<Record<string, readonly string[]>>;
  /** Questions, as `type name`, that no server answers. */
  readonly failing?: readonly string[];
}

export class MemoryZone implements Resolver {
  /** Each as `type name`. */
  readonly asked: string[] = [];
  readonly #zone: Zone;

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  async naptr(name: string): Promise<readonly NaptrRecord[]> {
    return this.#find('naptr', name).map((line) => {
      const [order, preference, flags = '', service = '', replacement = ''] = line.split(' ');
      return { order: Number(order), preference: Number(preference), flags, service, replacement };
    });
  }

  async srv(name: string): Promise<readonly SrvRecord[]> {
    return this.#find('srv', name).map((line) => {
      const [priority, weight, port, target = ''] = line.split(' ');
      return { priority: Number(priority), weight: Number(weight), port: Number(port), target };
    });
  }

  async a(name: string): Promise<readonly string[]> {
    return this.#find('a', name);
  }

  async aaaa(name: string): Promise<readonly string[]> {
    return this.#find('aaaa', name);
  }

  #find(type: 'naptr' | 'srv' | 'a' | 'aaaa', name: string): readonly string[] {
    const question = `${type} ${name}`;
    this.asked.push(question);
    if (this.#zone.failing?.includes(question) === true) throw new Error('SERVFAIL');
    return this.#zone[type]?.[name] ?? [];
  }
}

/**
 * DNS by Node's resolver, with a bounded cache (RFC 3263 3).
 *
 * @module
 */
import { Resolver as NodeResolver } from 'node:dns/promises';
import type { NaptrRecord, Resolver, SrvRecord } from '@wicgate/sip';

export interface DnsResolverOptions {
  /** `address` or `address:port` each, an IPv6 address with port in brackets; those of the system unless given. */
  readonly servers?: readonly string[] | undefined;
  /** How long one question may take, in milliseconds; 2,000 unless given. It is asked twice. */
  readonly timeoutMs?: number | undefined;
  /** How many answers are kept; 1,000 unless given. 0 keeps none. */
  readonly maxEntries?: number | undefined;
  /** Milliseconds on any scale; for tests. */
  readonly now?: (() => number) | undefined;
}

/** Node tells the time to live of addresses alone; all else is kept for so long, in milliseconds. */
const defaultLifetimeMs = 60_000;
/** That there is nothing, which a new server may change at any moment. */
const emptyLifetimeMs = 5_000;
/** However long a record would last: who moves a server expects it to be found. */
const longestLifetimeMs = 3_600_000;
const notFound = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);

interface Answer<Value> {
  readonly values: readonly Value[];
  readonly lifetimeMs: number;
}

interface Entry {
  /** Resolves also to those who ask while the question is on its way. */
  readonly values: Promise<readonly unknown[]>;
  until: number;
}

export function createDnsResolver(options: DnsResolverOptions = {}): Resolver {
  const { servers, timeoutMs = 2_000, maxEntries = 1_000, now = () => performance.now() } = options;
  const resolver = new NodeResolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const cache = new AnswerCache(maxEntries, now);
  return {
    naptr: (name) => cache.ask(`naptr ${name}`, async () => lasting((await resolver.resolveNaptr(name)).map(toNaptr))),
    srv: (name) => cache.ask(`srv ${name}`, async () => lasting((await resolver.resolveSrv(name)).map(toSrv))),
    a: async (name) =>
      localhost(name, '127.0.0.1') ??
      cache.ask(`a ${name}`, async () => timed(await resolver.resolve4(name, { ttl: true }))),
    aaaa: async (name) =>
      localhost(name, '::1') ??
      cache.ask(`aaaa ${name}`, async () => timed(await resolver.resolve6(name, { ttl: true }))),
  };
}

class AnswerCache {
  readonly #maxEntries: number;
  readonly #now: () => number;
  /** The one that was asked for longest ago comes first. */
  readonly #entries = new Map<string, Entry>();

  constructor(maxEntries: number, now: () => number) {
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  ask<Value>(question: string, resolve: () => Promise<Answer<Value>>): Promise<readonly Value[]> {
    const key = question.toLowerCase();
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#now()) return known.values as Promise<readonly Value[]>;
    const entry: Entry = {
      values: this.#resolve(resolve, (lifetimeMs) => (entry.until = this.#now() + lifetimeMs)),
      until: Infinity,
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    // Nothing is known by a failure.
    entry.values.catch(() => this.#entries.get(key) === entry && this.#entries.delete(key));
    this.#shrink();
    return entry.values as Promise<readonly Value[]>;
  }

  async #resolve<Value>(
    resolve: () => Promise<Answer<Value>>,
    keepFor: (lifetimeMs: number) => void,
  ): Promise<readonly Value[]> {
    try {
      const { values, lifetimeMs } = await resolve();
      keepFor(Math.min(values.length === 0 ? emptyLifetimeMs : lifetimeMs, longestLifetimeMs));
      return values;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      keepFor(emptyLifetimeMs);
      return [];
    }
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && notFound.has(String(error.code));
}

/** RFC 6761 6.3: this machine, whatever DNS says. */
function localhost(name: string, address: string): readonly string[] | undefined {
  const isLocal = name.toLowerCase() === 'localhost' || name.toLowerCase().endsWith('.localhost');
  return isLocal ? [address] : undefined;
}

function lasting<Value>(values: readonly Value[]): Answer<Value> {
  return { values, lifetimeMs: defaultLifetimeMs };
}

function timed(records: readonly { readonly address: string; readonly ttl: number }[]): Answer<string> {
  const seconds = Math.min(...records.map(({ ttl }) => ttl));
  return { values: records.map(({ address }) => address), lifetimeMs: seconds * 1_000 };
}

function toNaptr({ order, preference, flags, service, replacement }: NaptrRecord): NaptrRecord {
  return { order, preference, flags, service, replacement };
}

function toSrv({ priority, weight, port, name }: Omit<SrvRecord, 'target'> & { readonly name: string }): SrvRecord {
  // Node writes the root, "no such service" (RFC 2782), as an empty name.
  return { priority, weight, port, target: name === '' ? '.' : name };
}

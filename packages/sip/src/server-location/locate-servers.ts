/**
 * Where a request to a URI goes, and where a response goes whose connection is gone (RFC 3263 4 and 5).
 *
 * A pure procedure: DNS and randomness come injected. Targets are found one after the other, so that a server that
 * answers spares the lookups for those after it.
 *
 * @module
 */
import { ServerNotFound } from '../errors.ts';
import type { Via } from '../headers/via.ts';
import type { SipUri } from '../uris/uri.ts';
import { askedTransport, chooseServices, defaultTransport, type Service, serviceOf } from './choose-services.ts';
import { Lookups } from './lookups.ts';
import { orderSrv } from './order-srv.ts';
import type { Resolver } from './resolver.ts';
import { defaultPorts, isNumeric, type ServerTarget, type Transport, withoutBrackets } from './server-target.ts';

export interface LocationOptions {
  readonly resolver: Resolver;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** What this element speaks, the one it likes best first; TLS, TCP, UDP unless given. */
  readonly transports?: readonly Transport[] | undefined;
  /** Which addresses to try, and in which order; IPv6 before IPv4 unless given. */
  readonly families?: readonly ('IPv4' | 'IPv6')[] | undefined;
  /** How many targets there may be; 16 unless given. */
  readonly maxTargets?: number | undefined;
}

interface Search {
  readonly lookups: Lookups;
  readonly random: () => number;
  readonly families: readonly ('IPv4' | 'IPv6')[];
  readonly domain: string;
}

/**
 * The targets for a request, in the order in which they are to be tried; each is found when it is asked for.
 *
 * @throws {ServerNotFound} there is none.
 */
export async function* locateServers(uri: SipUri, options: LocationOptions): AsyncGenerator<ServerTarget, void> {
  const search = startSearch(uri.host, options);
  yield* limited(findServers(uri, options, search), search, options);
}

/**
 * The targets for a response, from the top Via of its request (RFC 3263 5). To be tried when the connection of the
 * request and the address it came from have failed (RFC 3261 18.2.2).
 *
 * @throws {ServerNotFound} there is none.
 */
export async function* locateResponse(via: Via, options: LocationOptions): AsyncGenerator<ServerTarget, void> {
  const search = startSearch(via.host, options);
  const transport = transportsOf(options).find((supported) => supported === via.transport);
  if (transport === undefined) throw new ServerNotFound();
  yield* limited(findByService(via, [serviceOf(transport, via.host)], transport, search), search, options);
}

/** The transports that an element speaks which says nothing about it. */
function transportsOf({ transports = ['TLS', 'TCP', 'UDP'] }: LocationOptions): readonly Transport[] {
  return transports;
}

function startSearch(domain: string, { resolver, random, families = ['IPv6', 'IPv4'] }: LocationOptions): Search {
  return { lookups: new Lookups(resolver), random, families, domain: withoutBrackets(domain) };
}

/** RFC 3263 4.1, then 4.2. */
async function* findServers(uri: SipUri, options: LocationOptions, search: Search): AsyncGenerator<ServerTarget> {
  const supported = transportsOf(options);
  const asked = askedTransport(uri);
  const transport = asked ?? defaultTransport(uri.scheme, supported);
  if (asked !== undefined && !supported.some((usable) => usable === asked)) return;
  // TARGET of RFC 3263 4.
  const host = uri.params.get('maddr') ?? uri.host;
  const { port } = uri;
  const isKnown = asked !== undefined || isNumeric(host) || port !== undefined;
  const services = isKnown ? [] : await chooseServices(host, uri.scheme, { supported, lookups: search.lookups });
  const isListed = isKnown || services.some((service) => service.transport === transport);
  const first = isListed ? transport : services[0]?.transport;
  if (first === undefined || first === 'none') return;
  yield* findByService({ host, port }, isKnown ? [serviceOf(first, host)] : services, first, search);
}

/** `fallback` is what the addresses of the host itself are for, where no SRV record says better. */
async function* findByService(
  { host, port }: { readonly host: string; readonly port: number | undefined },
  services: readonly Service[],
  fallback: Transport,
  search: Search,
): AsyncGenerator<ServerTarget> {
  const { lookups, random, domain } = search;
  const place = { transport: fallback, port: port ?? defaultPorts[fallback] };
  if (isNumeric(host)) {
    yield { ...place, address: withoutBrackets(host), domain };
    return;
  }
  let isListed = false;
  for (const { transport, srvName } of port === undefined ? services : []) {
    const records = srvName === undefined ? [] : await lookups.srv(srvName);
    if (records.length > 0) isListed = true;
    for (const { target, port: srvPort } of orderSrv(records, random)) {
      // RFC 2782: the service is decidedly not there.
      if (target !== '.' && target !== '' && srvPort > 0)
        yield* findAddresses(target, { transport, port: srvPort }, search);
    }
  }
  if (!isListed) yield* findAddresses(host, place, search);
}

async function* findAddresses(
  name: string,
  place: Pick<ServerTarget, 'transport' | 'port'>,
  { lookups, families, domain }: Search,
): AsyncGenerator<ServerTarget> {
  // Asked for together, given in order.
  const answers = families.map((family) => (family === 'IPv6' ? lookups.aaaa(name) : lookups.a(name)));
  for (const answer of answers) for (const address of await answer) yield { ...place, address, domain };
}

async function* limited(
  targets: AsyncGenerator<ServerTarget>,
  { lookups }: Search,
  { maxTargets = 16 }: LocationOptions,
): AsyncGenerator<ServerTarget, void> {
  const seen = new Set<string>();
  for await (const target of targets) {
    const key = `${target.transport} ${target.address} ${target.port}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield target;
    if (seen.size >= maxTargets) return;
  }
  if (seen.size === 0) throw new ServerNotFound({ cause: lookups.failure });
}

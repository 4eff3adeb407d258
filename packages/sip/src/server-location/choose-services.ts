/**
 * Which transports a server may be reached by, and under which SRV names (RFC 3263 4.1).
 *
 * @module
 */
import type { SipUri } from '../uris/uri.ts';
import type { Lookups } from './lookups.ts';
import type { NaptrRecord } from './resolver.ts';
import { isSecure, type Transport } from './server-target.ts';

/** A transport, and where its servers are listed. */
export interface Service {
  readonly transport: Transport;
  /** Undefined where no SRV name is known: RFC 7118 5.3 has none but those that NAPTR leads to. */
  readonly srvName: string | undefined;
}

const naptrServices: ReadonlyMap<string, Transport> = new Map([
  ['SIP+D2U', 'UDP'],
  ['SIP+D2T', 'TCP'],
  ['SIPS+D2T', 'TLS'],
  ['SIP+D2W', 'WS'],
  ['SIPS+D2W', 'WSS'],
]);

const srvPrefixes: Readonly<Partial<Record<Transport, string>>> = {
  UDP: '_sip._udp',
  TCP: '_sip._tcp',
  TLS: '_sips._tcp',
};

const secured: ReadonlyMap<string, Transport> = new Map([
  ['TCP', 'TLS'],
  ['TLS', 'TLS'],
  ['WS', 'WSS'],
  ['WSS', 'WSS'],
]);

/**
 * The transport that the URI names in `transport`; undefined where it names none, `'none'` where nobody speaks it or a
 * `sips:` URI forbids it.
 */
export function askedTransport({ scheme, params }: SipUri): Transport | 'none' | undefined {
  const name = params.get('transport')?.toUpperCase();
  if (name === undefined) return undefined;
  if (scheme === 'sips') return secured.get(name) ?? 'none';
  return name === 'UDP' || name === 'TCP' || name === 'TLS' || name === 'WS' || name === 'WSS' ? name : 'none';
}

/** Where nothing else says so: UDP, or TLS for a `sips:` URI. Of those that we speak, else undefined. */
export function defaultTransport(scheme: SipUri['scheme'], supported: readonly Transport[]): Transport | undefined {
  const fallbacks = scheme === 'sips' ? (['TLS'] as const) : (['UDP', 'TCP', 'TLS'] as const);
  return fallbacks.find((transport) => supported.includes(transport));
}

export function serviceOf(transport: Transport, host: string): Service {
  const prefix = srvPrefixes[transport];
  return { transport, srvName: prefix === undefined ? undefined : `${prefix}.${host}` };
}

/**
 * The services of `host`: what its NAPTR records list first, else what we speak ourselves. Empty where it lists services
 * of SIP, but none that we may use.
 */
export async function chooseServices(
  host: string,
  scheme: SipUri['scheme'],
  { supported, lookups }: { readonly supported: readonly Transport[]; readonly lookups: Lookups },
): Promise<readonly Service[]> {
  const records = (await lookups.naptr(host)).filter(isOfSip);
  if (records.length > 0) return fromNaptr(records, scheme, supported);
  // `_sips` for sips: URIs, `_sip` for sip: URIs, unless this element speaks over TLS alone.
  const isSecured = scheme === 'sips' || supported.every(isSecure);
  const usable = supported.filter((transport) => isSecure(transport) === isSecured);
  return usable.map((transport) => serviceOf(transport, host)).filter(({ srvName }) => srvName !== undefined);
}

function isOfSip({ service, flags }: NaptrRecord): boolean {
  return /^SIPS?\+D2/iu.test(service) && flags.toLowerCase() === 's';
}

/** Those of the lowest order that holds one we may use, by preference (RFC 3403 4.1). */
function fromNaptr(
  records: readonly NaptrRecord[],
  scheme: SipUri['scheme'],
  supported: readonly Transport[],
): readonly Service[] {
  const usable = records.flatMap(({ order, preference, service, replacement }) => {
    const transport = naptrServices.get(service.toUpperCase());
    if (transport === undefined || !supported.includes(transport)) return [];
    if (scheme === 'sips' && !isSecure(transport)) return [];
    return [{ order, preference, transport, srvName: replacement }];
  });
  const lowest = Math.min(...usable.map(({ order }) => order));
  return usable.filter(({ order }) => order === lowest).toSorted((a, b) => a.preference - b.preference);
}

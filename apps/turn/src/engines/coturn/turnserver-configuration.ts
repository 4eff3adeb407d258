/**
 * The configuration file of coturn (turnserver.conf) that follows from our settings.
 *
 * @module
 */
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type PeerNetwork, PeerNetworks } from '../../allocations/peer-networks.ts';
import { deniedByDefault, impossiblePeers, loopbackPeers } from '../../allocations/special-networks.ts';
import type { ExternalSettings } from '../external-settings.ts';
import { networkRange } from './network-range.ts';

/** One line of the file; undefined is a switch without a value. */
type Option = readonly [name: string, value: string | number | undefined];

/** The text of the file. It holds secrets. @throws {ConfigInvalid} coturn cannot do what a setting asks for. */
export function formatTurnserverConfiguration(settings: ExternalSettings, folder: string): string {
  const options = [
    ...listeners(settings),
    ...credentials(settings),
    ...relaying(settings),
    ...peers(settings),
    ...always(folder),
  ];
  return options.map(([name, value]) => `${value === undefined ? name : `${name}=${value}`}\n`).join('');
}

function listeners({ host, hostIPv6, port, tls, furtherPorts }: ExternalSettings): readonly Option[] {
  const hosts = hostIPv6 === undefined ? [host] : [host, `[${hostIPv6}]`];
  const further = [...new Set(furtherPorts.map((each) => each.port))];
  return [
    ['listening-ip', host],
    ...optional('listening-ip', hostIPv6),
    ['listening-port', port],
    // Each speaks UDP and TCP, and TLS where that is what comes.
    ...further.flatMap((each) => hosts.map((at) => ['aux-server', `${at}:${each}`] as const)),
    ...(tls === undefined ? [flag('no-tls'), flag('no-dtls')] : secured(tls)),
  ];
}

/** DTLS comes with it, on the same port over UDP. */
function secured({ port, certFile, keyFile }: NonNullable<ExternalSettings['tls']>): readonly Option[] {
  return [
    ...optional('tls-listening-port', port),
    ['cert', certFile],
    ['pkey', keyFile],
    flag('no-tlsv1'),
    flag('no-tlsv1_1'),
  ];
}

/** TS 33.203 X.5.2: coturn finds the time in `Tid:Texp` as well as in `Texp:Tid`, which is its own order. */
function credentials({ realm, secrets, oauth }: ExternalSettings): readonly Option[] {
  return [
    ['realm', line('TURN_REALM', realm)],
    flag(secrets.length === 0 ? 'lt-cred-mech' : 'use-auth-secret'),
    ...secrets.map((secret) => ['static-auth-secret', line('TURN_SECRET', secret)] as const),
    ...(oauth === undefined ? [] : [flag('oauth')]),
    ['server-name', line('TURN_OAUTH_SERVER_NAME', oauth?.serverName ?? realm)],
  ];
}

function relaying(settings: ExternalSettings): readonly Option[] {
  const { relayHost, relayHostIPv6, relayPublicHost, relayPorts, maxLifetimeSeconds } = settings;
  const { userQuota, totalQuota, userKbps, totalKbps } = settings;
  return [
    ['relay-ip', relayHost],
    ...optional('relay-ip', relayHostIPv6),
    ...optional('external-ip', relayPublicHost && `${relayPublicHost}/${relayHost}`),
    ['min-port', relayPorts.min],
    ['max-port', relayPorts.max],
    ['max-allocate-lifetime', maxLifetimeSeconds],
    ['user-quota', userQuota],
    ['total-quota', totalQuota],
    ...optional('max-bps', userKbps && octetsPerSecond(userKbps)),
    ...optional('bps-capacity', totalKbps && octetsPerSecond(totalKbps)),
    flag('no-tcp-relay'),
  ];
}

/** In coturn what is allowed by name wins over what is denied, so these two may not overlap. @throws {ConfigInvalid} */
function peers({ allowLoopbackPeers, allowedPeers, deniedPeers }: ExternalSettings): readonly Option[] {
  if (deniedPeers.some((network) => allowedPeers.some((other) => overlap(network, other)))) {
    throw new ConfigInvalid('TURN_DENIED_PEERS: expected no overlap with TURN_ALLOWED_PEERS, which wins in coturn');
  }
  const allowed = allowLoopbackPeers ? [...loopbackPeers, ...allowedPeers] : allowedPeers;
  const denied = [...impossiblePeers, ...deniedByDefault, ...deniedPeers].filter((network) => !isUnspecified(network));
  return [
    ...(allowLoopbackPeers ? [flag('allow-loopback-peers')] : []),
    flag('no-multicast-peers'),
    ...allowed.map((network) => ['allowed-peer-ip', networkRange(network)] as const),
    ...denied.map((network) => ['denied-peer-ip', networkRange(network)] as const),
  ];
}

/** Of two networks, one holds the address of the other, or none of it. */
function overlap(one: PeerNetwork, other: PeerNetwork): boolean {
  const holds = (network: PeerNetwork, [address]: PeerNetwork): boolean =>
    new PeerNetworks([network]).has({ family: isIPv6(address) ? 'IPv6' : 'IPv4', address });
  return holds(one, other) || holds(other, one);
}

/** `::` alone, which coturn judges by itself. */
function isUnspecified([address, prefix]: PeerNetwork): boolean {
  return address === '::' && prefix === 128;
}

function always(folder: string): readonly Option[] {
  return [
    flag('fingerprint'),
    ['stale-nonce', 600],
    flag('no-cli'),
    flag('no-software-attribute'),
    flag('no-rfc5780'),
    flag('no-stun-backward-compatibility'),
    flag('response-origin-only-with-rfc5780'),
    ['userdb', join(folder, 'turndb')],
    ['pidfile', join(folder, 'pid')],
    ['log-file', 'stdout'],
    flag('simple-log'),
  ];
}

function flag(name: string): Option {
  return [name, undefined];
}

function optional(name: string, value: string | number | undefined): readonly Option[] {
  return value === undefined || value === '' ? [] : [[name, value]];
}

function octetsPerSecond(kbps: number): number {
  return kbps * 125;
}

/** coturn reads a line up to its end and takes spaces away from both sides. */
function line(setting: string, value: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/u.test(value)) {
    throw new ConfigInvalid(`${setting}: expected visible ASCII characters, as coturn reads it from a line of a file`);
  }
  return value;
}

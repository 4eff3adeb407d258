/**
 * The settings that an engine of somebody else can be asked to honour, in one shape for all of them.
 *
 * @module
 */
import type { AsRsKey } from '@wicgate/turn-credentials';
import type { PeerNetwork } from '../allocations/peer-networks.ts';
import { readOauthKeys } from '../authentication/create-authenticator.ts';
import type { Config } from '../config.ts';
import type { FurtherPort } from '../listeners/further-ports.ts';

export interface ExternalSettings {
  readonly host: string;
  readonly port: number;
  readonly hostIPv6: string | undefined;
  readonly tls: { readonly port: number | undefined; readonly certFile: string; readonly keyFile: string } | undefined;
  readonly furtherPorts: readonly FurtherPort[];
  readonly realm: string;
  /** Km, and the one before it. Secrets. */
  readonly secrets: readonly string[];
  readonly oauth: { readonly keys: readonly AsRsKey[]; readonly serverName: string } | undefined;
  readonly relayHost: string;
  readonly relayHostIPv6: string | undefined;
  readonly relayPublicHost: string | undefined;
  readonly relayPorts: { readonly min: number; readonly max: number };
  readonly allowLoopbackPeers: boolean;
  readonly allowedPeers: readonly PeerNetwork[];
  readonly deniedPeers: readonly PeerNetwork[];
  readonly maxLifetimeSeconds: number;
  readonly userQuota: number;
  readonly totalQuota: number;
  readonly userKbps: number | undefined;
  readonly totalKbps: number | undefined;
}

/** @throws {ConfigInvalid} the file of keys is none. */
export function externalSettings(config: Config): ExternalSettings {
  const keys = readOauthKeys(config);
  return {
    host: config.TURN_HOST,
    port: config.TURN_PORT,
    hostIPv6: config.TURN_HOST_IPV6,
    tls: tlsOf(config),
    furtherPorts: config.TURN_FURTHER_PORTS,
    realm: config.TURN_REALM,
    secrets: [config.TURN_SECRET, config.TURN_PREVIOUS_SECRET].filter((secret) => secret !== undefined),
    oauth: keys && { keys, serverName: config.TURN_OAUTH_SERVER_NAME ?? config.TURN_REALM },
    relayHost: config.TURN_RELAY_HOST,
    relayHostIPv6: config.TURN_RELAY_HOST_IPV6,
    relayPublicHost: config.TURN_RELAY_PUBLIC_HOST,
    relayPorts: { min: config.TURN_RELAY_PORT_MIN, max: config.TURN_RELAY_PORT_MAX },
    allowLoopbackPeers: config.TURN_ALLOW_LOOPBACK_PEERS,
    allowedPeers: config.TURN_ALLOWED_PEERS,
    deniedPeers: config.TURN_DENIED_PEERS,
    maxLifetimeSeconds: config.TURN_MAX_LIFETIME_SECONDS,
    userQuota: config.TURN_USER_QUOTA,
    totalQuota: config.TURN_TOTAL_QUOTA,
    userKbps: config.TURN_USER_KBPS,
    totalKbps: config.TURN_TOTAL_KBPS,
  };
}

function tlsOf({ TURN_TLS_PORT, TURN_TLS_CERT_FILE, TURN_TLS_KEY_FILE }: Config): ExternalSettings['tls'] {
  if (TURN_TLS_CERT_FILE === undefined || TURN_TLS_KEY_FILE === undefined) return undefined;
  return { port: TURN_TLS_PORT, certFile: TURN_TLS_CERT_FILE, keyFile: TURN_TLS_KEY_FILE };
}

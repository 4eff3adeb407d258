/**
 * Whether relayed transport addresses can be opened at all, asked before clients are served: without this each Allocate
 * would get 508, and nobody be told why.
 *
 * @module
 */
import type { Config } from '../config.ts';
import { listenUdp } from '../listeners/udp-listener.ts';

const settings = ['TURN_RELAY_HOST', 'TURN_RELAY_HOST_IPV6'] as const;

/** @throws {ConfigInvalid} an address is not one of this machine. */
export async function requireRelayHosts(config: Pick<Config, (typeof settings)[number]>): Promise<void> {
  for (const hostSetting of settings) {
    const host = config[hostSetting];
    if (host === undefined) continue;
    const place = { host, port: 0, hostSetting, portSetting: 'TURN_RELAY_PORT_MIN' };
    const listener = await listenUdp({ place, onMessage: () => undefined, onError: () => undefined });
    await listener.close();
  }
}

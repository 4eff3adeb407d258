/**
 * Sets of networks, judged in binary form, so that no spelling of an address evades them.
 *
 * @module
 */
import { BlockList, isIP } from 'node:net';
import type { Endpoint } from '@wicgate/stun';
import { z } from 'zod';

/** A network by its address and the length of its prefix in bits. */
export type PeerNetwork = readonly [address: string, prefix: number];

const maxNetworks = 256;

export class PeerNetworks {
  // A list for each family: a mapped network in a common list would match every IPv4 address.
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  constructor(networks: readonly PeerNetwork[]) {
    for (const [address, prefix] of networks) {
      if (isIP(address) === 4) this.#ipv4.addSubnet(address, prefix, 'ipv4');
      else this.#ipv6.addSubnet(address, prefix, 'ipv6');
    }
  }

  has({ family, address }: Pick<Endpoint, 'family' | 'address'>): boolean {
    return family === 'IPv4' ? this.#ipv4.check(address, 'ipv4') : this.#ipv6.check(address, 'ipv6');
  }
}

/** A setting of addresses and networks in CIDR notation, comma separated; none when absent. Names are not resolved. */
export const peerNetworksSetting = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').map((entry) => entry.trim());
    if (entries.length > maxNetworks) return refuse(context, `expected at most ${maxNetworks} networks`);
    const networks: PeerNetwork[] = [];
    for (const [at, entry] of entries.entries()) {
      if (entry === '') continue;
      const network = parseNetwork(entry);
      if (network === undefined) {
        return refuse(context, `entry ${at + 1}: expected an IP address or a network such as 192.0.2.0/24`);
      }
      networks.push(network);
    }
    return networks;
  });

/** Undefined where the text is no network. `127.1` and its like are none: an IPv4 address has four decimal octets. */
function parseNetwork(text: string): PeerNetwork | undefined {
  const [address = '', prefixText, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (prefixText === undefined) return [address, bits];
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : bits + 1;
  return prefix <= bits ? [address, prefix] : undefined;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

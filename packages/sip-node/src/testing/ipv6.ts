/**
 * Whether this machine has IPv6.
 *
 * @module
 */
import { networkInterfaces } from 'node:os';

/** Without `::1` no socket of IPv6 can be tested; then a listener there must fail, and say why. */
export const hasIpv6: boolean = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

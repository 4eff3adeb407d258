/**
 * The entry point of the home network (TS 24.229 5.2.2.1).
 *
 * @module
 */
import type { Config } from '../config.ts';
import type { MwPeer } from './peer-table.ts';

export function entryOf(config: Config): MwPeer {
  return { host: config.EP_CSCF_ICSCF_HOST, port: config.EP_CSCF_ICSCF_PORT, name: config.EP_CSCF_ICSCF_NAME };
}

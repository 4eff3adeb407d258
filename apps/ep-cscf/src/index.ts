/**
 * The eP-CSCF: W2 in, Mw out (TS 33.203 release 18 annex X, TS 24.371, TS 24.229 5.2).
 *
 * @module
 */
export { type Config, configSchema, readConfig } from './config.ts';
export { type RunningEpCscf, start } from './start.ts';

/**
 * The TURN server (RFC 8656) that checks credentials of TS 33.203 X.5.2.
 *
 * @module
 */
export { type Config, configSchema, readConfig } from './config.ts';
export { type RunningTurnEngine, start } from './engines/start-engine.ts';

export { type Config, configSchema, readConfig } from './config.ts';
export { type RunningCore, start } from './start.ts';

export { type Config, configSchema, readConfig } from './config.ts';
export { type RunningWwsf, start } from './start.ts';

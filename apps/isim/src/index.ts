export { type Config, configSchema, readConfig } from './config.ts';
export { start } from './start.ts';

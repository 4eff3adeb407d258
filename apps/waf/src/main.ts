/**
 * The WAF as its own process.
 *
 * @module
 */
import { runProcess } from '@wicgate/node-kit';
import { readConfig } from './config.ts';
import { start } from './start.ts';

await runProcess('waf', readConfig, start);

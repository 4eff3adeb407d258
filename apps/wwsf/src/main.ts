/**
 * The WWSF as a process of its own.
 *
 * @module
 */
import { runProcess } from '@wicgate/node-kit';
import { readConfig } from './config.ts';
import { start } from './start.ts';

await runProcess('wwsf', readConfig, start);

/**
 * The server of the soft ISIM as a process of its own.
 *
 * @module
 */
import { runProcess } from '@wicgate/node-kit';
import { readConfig } from './config.ts';
import { start } from './start.ts';

await runProcess('isim', readConfig, start);

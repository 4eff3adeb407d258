/**
 * The TURN server as a process of its own.
 *
 * @module
 */
import { runProcess } from '@wicgate/node-kit';
import { readConfig, start } from './index.ts';

await runProcess('turn', readConfig, start);

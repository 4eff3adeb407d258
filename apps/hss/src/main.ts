import { runProcess } from '@wicgate/node-kit';
import { readConfig, start } from './index.ts';

await runProcess('hss', readConfig, start);

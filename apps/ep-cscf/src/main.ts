import { runProcess } from '@wicgate/node-kit';
import { readConfig, start } from './index.ts';

await runProcess('ep-cscf', readConfig, start);

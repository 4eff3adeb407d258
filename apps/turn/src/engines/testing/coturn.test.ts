import { existsSync } from 'node:fs';
import { judgeEngine } from './judge-engine.ts';

const isInstalled = existsSync('/usr/bin/turnserver');

judgeEngine('coturn', isInstalled ? undefined : 'coturn is not installed');

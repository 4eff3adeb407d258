import { judgeEngine } from './judge-engine.ts';

judgeEngine('node-turn', undefined);

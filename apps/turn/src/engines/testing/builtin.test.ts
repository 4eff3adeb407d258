import { judgeEngine } from './judge-engine.ts';

judgeEngine('builtin', undefined);

/**
 * Everything that a TURN server of ours is asked to do, whoever wrote it.
 *
 * @module
 */
import { accessTokenCases } from './access-token-cases.ts';
import { allocationCases } from './allocation-cases.ts';
import { credentialCases } from './credential-cases.ts';
import type { EngineCase } from './engine-case.ts';
import { peerCases } from './peer-cases.ts';
import { relayingCases } from './relaying-cases.ts';
import { transportCases } from './transport-cases.ts';

export const engineCases: readonly EngineCase[] = [
  ...credentialCases,
  ...accessTokenCases,
  ...allocationCases,
  ...relayingCases,
  ...peerCases,
  ...transportCases,
];

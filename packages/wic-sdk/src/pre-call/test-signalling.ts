/**
 * The way to the eP-CSCF: an OPTIONS goes there and back, and brings a TURN credential (TS 33.203 X.5.2.2).
 *
 * @module
 */
import { extTurnCredHeader, formatNameAddr, Headers, noBody, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { Access } from '../calls/access.ts';
import { createToken, type Platform } from '../platform.ts';
import type { Registered } from '../registration/register-outcome.ts';
import { parseTurnCredential, type TurnCredential } from '../registration/turn-credential.ts';
import type { SignallingStep } from './pre-call-test.ts';
import type { Run } from './run.ts';

export interface SignallingTest {
  readonly access: Pick<Access, 'platform' | 'line' | 'homeDomain' | 'registered'>;
  readonly run: Run;
  readonly change: (change: Partial<SignallingStep>) => void;
}

const patienceMs = 5_000;
/** Beyond this a call takes noticeably long to begin: it needs two such trips before it rings. */
const slowMs = 1_000;

/** The credential to use from now on: the one that came back, else that of the registration. */
export async function testSignalling({ access, run, change }: SignallingTest): Promise<TurnCredential | undefined> {
  const { platform, line, homeDomain, registered } = access;
  change({ status: 'running' });
  if (registered === undefined) {
    change({ status: 'failed', problem: 'not registered' });
    return undefined;
  }
  const startMs = platform.clock.now();
  const answer = await run.wait<SipResponse | 'no answer' | 'connection lost'>(patienceMs, 'no answer', (settle) => {
    line.ask(createOptions(registered, homeDomain, platform)).then(settle, () => settle('connection lost'));
    return () => undefined;
  });
  if (run.isOver) return undefined;
  if (typeof answer === 'string') {
    change({ status: 'failed', problem: answer });
    return registered.turnCredential;
  }
  // Whatever the answer says: it went there and back.
  const roundTripMs = platform.clock.now() - startMs;
  change({ status: roundTripMs > slowMs ? 'poor' : 'good', roundTripMs });
  return readCredential(answer) ?? registered.turnCredential;
}

function createOptions({ impu }: Registered, homeDomain: string, platform: Platform): SipRequest {
  const tag = createToken(platform);
  return {
    method: 'OPTIONS',
    requestUri: `sip:${homeDomain}`,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName: undefined, uri: impu, params: new Map([['tag', tag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: `sip:${homeDomain}`, params: new Map() })],
      ['Call-ID', createToken(platform)],
      ['CSeq', '1 OPTIONS'],
      [extTurnCredHeader, 'request'],
    ),
    body: noBody,
  };
}

function readCredential({ headers }: SipResponse): TurnCredential | undefined {
  const value = headers.first(extTurnCredHeader);
  return value === undefined ? undefined : parseTurnCredential(value);
}

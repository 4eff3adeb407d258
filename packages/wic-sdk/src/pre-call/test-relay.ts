/**
 * One TURN URI: whether it gives a relayed candidate, and how soon (RFC 8656 7.1, W3C webrtc icecandidateerror).
 *
 * @module
 */
import { relayProblemOf } from '../media/relay-problem.ts';
import type { Platform } from '../platform.ts';
import type { TurnCredential } from '../registration/turn-credential.ts';
import type { RelayStep } from './pre-call-test.ts';
import type { Run } from './run.ts';

export interface RelayTest {
  readonly platform: Platform;
  readonly run: Run;
  readonly change: (change: Partial<RelayStep>) => void;
  readonly uri: string;
  readonly credential: TurnCredential | undefined;
}

/** Long enough for TCP, TLS and two trips over a bad line; what takes longer is none to call through. */
const patienceMs = 8_000;
/** Beyond this a call stays silent for a while after it was answered. */
const slowMs = 2_000;

/** Whether there is a relay to be had. */
export async function testRelay({ platform, run, change, uri, credential }: RelayTest): Promise<boolean> {
  change({ status: 'running' });
  if (credential === undefined) {
    change({ status: 'failed', problem: 'no credential' });
    return false;
  }
  const startMs = platform.clock.now();
  const errors: number[] = [];
  let isMalformed = false;
  const isFound = await run.wait(patienceMs, false, (settle) => {
    const connection = openConnection(platform, relayConfiguration(uri, credential));
    if (connection === undefined) {
      isMalformed = true;
      settle(false);
      return () => undefined;
    }
    connection.onicecandidate = ({ candidate }) => {
      if (candidate === null) settle(false);
      else if (/ typ relay\b/u.test(candidate.candidate)) settle(true);
    };
    connection.onicecandidateerror = ({ errorCode }) => errors.push(errorCode);
    gather(connection).catch(() => settle(false));
    return () => connection.close();
  });
  if (run.isOver) return false;
  const afterMs = platform.clock.now() - startMs;
  if (isFound) change({ status: afterMs > slowMs ? 'poor' : 'good', afterMs });
  else change({ status: 'failed', ...(isMalformed ? { problem: 'malformed' } : readErrors(errors)) });
  return isFound;
}

/** Nothing but a relay, and only this one. */
export function relayConfiguration(uri: string, { username, password }: TurnCredential): RTCConfiguration {
  return {
    iceServers: [{ urls: [uri], username, credential: password }],
    iceTransportPolicy: 'relay',
    bundlePolicy: 'max-bundle',
  };
}

/** Undefined where the browser does not understand the URI. */
function openConnection(
  platform: Pick<Platform, 'RTCPeerConnection'>,
  configuration: RTCConfiguration,
): RTCPeerConnection | undefined {
  try {
    return new platform.RTCPeerConnection(configuration);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

async function gather(connection: RTCPeerConnection): Promise<void> {
  connection.addTransceiver('audio', { direction: 'recvonly' });
  await connection.setLocalDescription(await connection.createOffer());
}

/** An answer of the server says more than none. */
function readErrors(errors: readonly number[]): Pick<RelayStep, 'problem' | 'errorCode'> {
  const errorCode = errors.find((code) => relayProblemOf(code) !== undefined) ?? errors[0];
  return { problem: relayProblemOf(errorCode) ?? 'unreachable', errorCode };
}

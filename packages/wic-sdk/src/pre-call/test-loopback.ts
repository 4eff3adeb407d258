/**
 * Sound from this page through the relay and back to it, for a few seconds.
 *
 * @module
 */
import type { Platform } from '../platform.ts';
import type { TurnCredential } from '../registration/turn-credential.ts';
import { gradeSound } from './call-quality.ts';
import type { Grade, LoopbackStep, Measured, StepStatus } from './pre-call-test.ts';
import { readMeasured, type Stats } from './read-measured.ts';
import type { Run } from './run.ts';
import { relayConfiguration } from './test-relay.ts';
import { readTurnUri } from './turn-uri.ts';

export interface LoopbackTest {
  readonly platform: Platform;
  readonly run: Run;
  readonly change: (change: Partial<LoopbackStep>) => void;
  /** The one to go through, with its credential; undefined: there is none. */
  readonly through: { readonly uri: string; readonly credential: TurnCredential } | undefined;
  /** The open microphone, where there is one. */
  readonly microphone: MediaStream | undefined;
  /** Whether a relay is configured at all. */
  readonly isOffered: boolean;
}

const connectMs = 10_000;
const talkMs = 5_000;
const statsMs = 2_000;

const statuses: Readonly<Record<Grade, StepStatus>> = { good: 'good', fair: 'poor', poor: 'poor' };

export async function testLoopback(test: LoopbackTest): Promise<void> {
  const { platform, run, change, through, isOffered } = test;
  if (through === undefined) {
    change({ status: isOffered ? 'failed' : 'skipped', problem: 'no relay' });
    return;
  }
  change({ status: 'running', relay: readTurnUri(through.uri) });
  const configuration = relayConfiguration(through.uri, through.credential);
  const near = new platform.RTCPeerConnection(configuration);
  const far = new platform.RTCPeerConnection(configuration);
  const sound = openTrack(test);
  const close = run.hold(() => {
    near.close();
    far.close();
    sound.close();
  });
  try {
    near.addTrack(sound.track);
    if (!(await connect(near, far, run))) {
      if (!run.isOver) change({ status: 'failed', problem: 'not connected' });
      return;
    }
    await run.wait(talkMs, undefined, () => () => undefined);
    const measured = run.isOver ? undefined : await measure(near, far, run);
    if (!run.isOver) change(judge(measured));
  } finally {
    close();
  }
}

function judge(measured: Measured | undefined): Partial<LoopbackStep> {
  if (measured === undefined) return { status: 'failed', problem: 'nothing came through' };
  const grade = gradeSound(measured);
  return { status: statuses[grade], measured, grade };
}

/** What the microphone hears, even if another one is chosen meanwhile; else a tone, which tells as much of the way. */
function openTrack({ platform, microphone }: LoopbackTest): { readonly track: MediaStreamTrack; close(): void } {
  const live = microphone?.getAudioTracks().find(({ readyState }) => readyState === 'live');
  if (live === undefined) return platform.sound.openTone();
  const track = live.clone();
  return { track, close: () => track.stop() };
}

/** Whether the two found each other. */
function connect(near: RTCPeerConnection, far: RTCPeerConnection, run: Run): Promise<boolean> {
  return run.wait(connectMs, false, (settle) => {
    const fail = (): void => settle(false);
    const candidates = { near: [] as RTCIceCandidate[], far: [] as RTCIceCandidate[] };
    let isDescribed = false;
    const give = (to: RTCPeerConnection, kept: RTCIceCandidate[], candidate: RTCIceCandidate | null): void => {
      if (candidate === null) return;
      if (isDescribed) to.addIceCandidate(candidate).catch(fail);
      else kept.push(candidate);
    };
    near.onicecandidate = ({ candidate }) => give(far, candidates.near, candidate);
    far.onicecandidate = ({ candidate }) => give(near, candidates.far, candidate);
    near.onconnectionstatechange = () => {
      if (near.connectionState === 'connected') settle(true);
      else if (near.connectionState === 'failed') settle(false);
    };
    describe(near, far).then(() => {
      isDescribed = true;
      for (const candidate of candidates.near) far.addIceCandidate(candidate).catch(fail);
      for (const candidate of candidates.far) near.addIceCandidate(candidate).catch(fail);
    }, fail);
    return () => {
      near.onicecandidate = far.onicecandidate = near.onconnectionstatechange = null;
    };
  });
}

async function describe(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  const offer = await near.createOffer();
  await near.setLocalDescription(offer);
  await far.setRemoteDescription(offer);
  const answer = await far.createAnswer();
  await far.setLocalDescription(answer);
  await near.setRemoteDescription(answer);
}

function measure(near: RTCPeerConnection, far: RTCPeerConnection, run: Run): Promise<Measured | undefined> {
  return run.wait<Measured | undefined>(statsMs, undefined, (settle) => {
    Promise.all([near.getStats(), far.getStats()]).then(
      ([sender, receiver]) => settle(readMeasured(sender as unknown as Stats, receiver as unknown as Stats)),
      () => settle(undefined),
    );
    return () => undefined;
  });
}

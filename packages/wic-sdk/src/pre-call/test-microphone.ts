/**
 * The microphone: whether it may be used, and whether it hears anything.
 *
 * @module
 */
import type { ObservableValue } from '../observable-value.ts';
import type { Platform } from '../platform.ts';
import { listDevices, openDevice } from './open-device.ts';
import type { MicrophoneStep } from './pre-call-test.ts';
import type { Run } from './run.ts';
import type { Meter } from './sound.ts';

export interface MicrophoneTest {
  readonly platform: Platform;
  readonly run: Run;
  readonly level: ObservableValue<number>;
  readonly change: (change: Partial<MicrophoneStep>) => void;
  /** Undefined: the default one. */
  readonly deviceId: string | undefined;
}

const meterMs = 100;
const listenMs = 8_000;
/** Root mean square; -40 dBFS: above the noise of a quiet room, below speech. */
const soundLevel = 0.01;
/** Readings above that: a single one may be the click of a plug. */
const readingsOfSound = 2;

/**
 * The stream that was opened, once it is known whether it hears anything. It stays open until the run is over, and
 * whoever speaks late is still heard.
 */
export async function testMicrophone(test: MicrophoneTest): Promise<MediaStream | undefined> {
  const { platform, run, change, deviceId } = test;
  change({ status: 'running', problem: undefined });
  const audio = deviceId === undefined ? true : { deviceId: { exact: deviceId } };
  const opened = await openDevice(platform, run, { audio });
  if (run.isOver) return undefined;
  if (typeof opened === 'string') {
    change({ status: 'failed', problem: opened });
    return undefined;
  }
  const track = opened.getAudioTracks()[0];
  const devices = await listDevices(platform, run, 'audioinput');
  if (run.isOver) return undefined;
  change({ name: track?.label, devices, chosen: deviceId ?? track?.getSettings().deviceId });
  watchPlug(track, test);
  await listen(opened, test);
  return opened;
}

async function listen(stream: MediaStream, { platform, run, level, change }: MicrophoneTest): Promise<void> {
  const meter = openMeter(platform, stream);
  if (meter === undefined) {
    change({ status: 'skipped', problem: 'not measured' });
    return;
  }
  run.hold(() => {
    meter.close();
    level.set(0);
  });
  let readings = 0;
  const isHeard = await run.wait(listenMs, false, (settle) => {
    run.every(meterMs, () => {
      const now = meter.readLevel();
      level.set(now);
      if (now < soundLevel) return;
      readings += 1;
      if (readings !== readingsOfSound) return;
      settle(true);
      change({ status: 'good', problem: undefined });
    });
    return () => undefined;
  });
  if (!isHeard && !run.isOver) change({ status: 'poor', problem: 'silent' });
}

/** Undefined where the browser cannot: Firefox, at another sample rate than that of the loudspeaker. */
function openMeter({ sound }: Platform, stream: MediaStream): Meter | undefined {
  try {
    return sound.openMeter(stream);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function watchPlug(track: MediaStreamTrack | undefined, { run, change }: MicrophoneTest): void {
  const unplugged = (): void => {
    run.end();
    change({ status: 'failed', problem: 'unplugged' });
  };
  track?.addEventListener('ended', unplugged);
  run.hold(() => track?.removeEventListener('ended', unplugged));
}

/**
 * The camera: whether it may be used, and what it sees.
 *
 * @module
 */
import { cameraConstraints } from '../media/local-media.ts';
import type { Platform } from '../platform.ts';
import { openDevice } from './open-device.ts';
import type { CameraStep } from './pre-call-test.ts';
import type { Run } from './run.ts';

export interface CameraTest {
  readonly platform: Platform;
  readonly run: Run;
  readonly change: (change: Partial<CameraStep>) => void;
}

/** The camera stays on until the run is over. Who has none can call all the same. */
export async function testCamera({ platform, run, change }: CameraTest): Promise<void> {
  change({ status: 'running' });
  const opened = await openDevice(platform, run, { video: cameraConstraints });
  if (run.isOver) return;
  if (typeof opened === 'string') {
    change({ status: opened === 'none' ? 'skipped' : 'failed', problem: opened });
    return;
  }
  const track = opened.getVideoTracks()[0];
  const { width, height } = track?.getSettings() ?? {};
  change({ status: 'good', name: track?.label, width, height, picture: opened });
  run.hold(() => change({ picture: undefined }));
}

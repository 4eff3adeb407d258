/**
 * Microphone or camera for a test (W3C mediacapture-streams 10.3.1), and what is the matter where there is none.
 *
 * @module
 */
import type { Platform } from '../platform.ts';
import type { Device, DeviceProblem } from './pre-call-test.ts';
import type { Run } from './run.ts';

/** The browser asks the person. */
const patienceMs = 60_000;
const listMs = 5_000;

/** By the name of what getUserMedia rejects with. */
const problems: Readonly<Record<string, DeviceProblem>> = {
  NotAllowedError: 'not allowed',
  SecurityError: 'not allowed',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'in use',
  AbortError: 'in use',
};

/** The first track of what is opened, which is stopped when the run is over; or why there is none. */
export async function openDevice(
  platform: Pick<Platform, 'getUserMedia'>,
  run: Run,
  constraints: MediaStreamConstraints,
): Promise<MediaStream | DeviceProblem> {
  const opened = await run.wait<MediaStream | DeviceProblem>(patienceMs, 'no answer', (settle) => {
    let isAwaited = true;
    platform.getUserMedia(constraints).then(
      (stream) => {
        if (isAwaited) settle(stream);
        else stopTracks(stream);
      },
      (error: unknown) => settle(problemOf(error)),
    );
    return () => {
      isAwaited = false;
    };
  });
  if (typeof opened === 'string') return opened;
  run.hold(() => stopTracks(opened));
  return opened.getTracks().length === 0 ? 'none' : opened;
}

/** Those of `kind`; a browser that tells no names tells of none. */
export async function listDevices(
  platform: Pick<Platform, 'enumerateDevices'>,
  run: Run,
  kind: MediaDeviceKind,
): Promise<readonly Device[]> {
  const all = await run.wait<readonly MediaDeviceInfo[]>(listMs, [], (settle) => {
    platform.enumerateDevices().then(settle, () => settle([]));
    return () => undefined;
  });
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '' && device.label !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

function problemOf(error: unknown): DeviceProblem {
  return (error instanceof DOMException ? problems[error.name] : undefined) ?? 'not supported';
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

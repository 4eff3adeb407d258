/**
 * How microphone, loudspeaker and camera stand, in plain words; and what to do where they do not work.
 *
 * @module
 */
import type { CameraStep, DeviceProblem, MicrophoneStep, SpeakerStep } from '@wicgate/wic-sdk';

const allowIt = 'Allow it by the icon in the address bar of the browser, then test again.';

const problems: Readonly<Record<DeviceProblem, (device: string) => string>> = {
  'not allowed': (device) => `The browser may not use the ${device}. ${allowIt}`,
  'none': (device) => `There is no ${device}. Plug one in, then test again.`,
  'in use': (device) => `The ${device} cannot be opened. Close other programs that use it, then test again.`,
  'no answer': (device) =>
    `The browser asked whether it may use the ${device}, and got no answer. Test again and allow it.`,
  'not supported': (device) => `This browser gives web pages no ${device}. Try another browser.`,
  'unplugged': (device) => `The ${device} was unplugged. Plug it in, then test again.`,
};

export function microphoneText({ status, problem }: MicrophoneStep): string {
  if (status === 'waiting') return 'Whether others can hear you.';
  if (status === 'running') return 'Say something. If the browser asks, allow the microphone.';
  if (problem === undefined) return 'We hear you.';
  if (problem === 'not measured') return 'The microphone is on, but this browser cannot show what it hears.';
  if (problem !== 'silent') return problems[problem]('microphone');
  return 'Silent: nothing was heard. Speak up, check that the microphone is not muted, or choose another one.';
}

export function speakerText({ status, problem, isPlaying, wasPlayed }: SpeakerStep): string {
  if (status === 'waiting') return 'Whether you can hear others.';
  if (isPlaying) return 'A tone is playing. Do you hear it?';
  if (status === 'running') return wasPlayed ? 'Did you hear the tone?' : 'Play the tone, and say whether you hear it.';
  if (status === 'good') return 'You hear the tone.';
  if (status === 'skipped') return 'Not tested. You can still do it.';
  return problem === 'cannot play'
    ? 'The tone could not be played. Check that a loudspeaker or headset is plugged in, or choose another one.'
    : 'You did not hear the tone. Turn the volume up, or choose another loudspeaker, and play it again.';
}

export function cameraText({ status, problem }: CameraStep): string {
  if (status === 'waiting') return 'Whether others can see you.';
  if (status === 'running') return 'If the browser asks, allow the camera.';
  if (problem === 'none') return 'No camera. That is fine: you can make voice calls.';
  if (problem !== undefined) return `${problems[problem]('camera')} Voice calls work without it.`;
  return 'Your camera works. Nobody but you has seen the picture.';
}

/**
 * React hooks over the WIC.
 *
 * @module
 */
export { type ActivityOfTab, useActivity } from './use-activity.ts';
export { useCallPath } from './use-call-path.ts';
export { useCallState } from './use-call-state.ts';
export { useCallStates } from './use-call-states.ts';
export { useCalls } from './use-calls.ts';
export { useElapsedSeconds } from './use-elapsed-seconds.ts';
export { useIsInterrupted } from './use-is-interrupted.ts';
export { useMediaElement } from './use-media-element.ts';
export { useMicrophoneLevel } from './use-microphone-level.ts';
export { type Picture, usePicture } from './use-picture.ts';
export { type PreCallTestOfPage, usePreCallTest } from './use-pre-call-test.ts';
export { type Registration, useRegistration } from './use-registration.ts';
export { useWic, WicProvider, type WicProviderProps } from './wic-provider.tsx';

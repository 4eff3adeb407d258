/**
 * How a call stands, in plain words.
 *
 * @module
 */
import type { Call, CallState } from '@wicgate/wic-sdk';
import { callEndText } from './call-end-text.ts';
import { isolate, peerName } from './peer-name.ts';

export interface CallStatusText {
  /** The first word or two; scripts and screen readers look for these. */
  readonly word: 'Calling' | 'Ringing' | 'In call' | 'Ended' | 'Failed';
  readonly detail: string | undefined;
}

export function callStatusText(
  call: Pick<Call, 'direction' | 'peer'>,
  { status, end }: Pick<CallState, 'status' | 'end'>,
): CallStatusText {
  const detail = end === undefined ? undefined : callEndText(call, end);
  switch (status) {
    case 'calling':
      return { word: 'Calling', detail: undefined };
    case 'ringing':
      return { word: 'Ringing', detail: undefined };
    case 'incoming':
      return { word: 'Ringing', detail: `${isolate(peerName(call.peer))} is calling` };
    case 'connecting':
      return { word: 'Ringing', detail: 'connecting' };
    case 'in call':
      return { word: 'In call', detail: undefined };
    case 'ended':
      return { word: 'Ended', detail };
    case 'failed':
      return { word: 'Failed', detail };
  }
}

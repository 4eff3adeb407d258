/**
 * The microphone: how loud it hears, and which one.
 *
 * @module
 */
import type { MicrophoneStep } from '@wicgate/wic-sdk';
import { Mic } from 'lucide-react';
import type { ReactNode } from 'react';
import { DeviceSelect } from './device-select.tsx';
import { LevelMeter } from './level-meter.tsx';
import type { StepFacts } from './step-facts.ts';
import { StepRow } from './step-row.tsx';

export interface MicrophoneRowProps {
  readonly step: MicrophoneStep;
  readonly facts: StepFacts;
  /** Whether anything is listening. */
  readonly isListening: boolean;
  readonly onChoose: (id: string) => void;
}

export function MicrophoneRow({ step, facts, isListening, onChoose }: MicrophoneRowProps): ReactNode {
  const isOpen = step.status !== 'waiting' && step.status !== 'failed';
  return (
    <StepRow icon={Mic} step={facts}>
      {isOpen && isListening && <LevelMeter />}
      {step.status !== 'waiting' && (
        <DeviceSelect name="Which microphone" devices={step.devices} chosen={step.chosen} onChoose={onChoose} />
      )}
    </StepRow>
  );
}

/**
 * The loudspeaker: a tone to play, and the person's word on whether it was heard.
 *
 * @module
 */
import type { SpeakerStep } from '@wicgate/wic-sdk';
import { Volume2 } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button } from '../parts/button.tsx';
import { DeviceSelect } from './device-select.tsx';
import type { StepFacts } from './step-facts.ts';
import { StepRow } from './step-row.tsx';

export interface SpeakerRowProps {
  readonly step: SpeakerStep;
  readonly facts: StepFacts;
  readonly onPlay: () => void;
  readonly onAnswer: (heard: boolean) => void;
  readonly onSkip: () => void;
  readonly onChoose: (id: string) => void;
}

export function SpeakerRow({ step, facts, onPlay, onAnswer, onSkip, onChoose }: SpeakerRowProps): ReactNode {
  const { status, isPlaying, wasPlayed, devices, chosen } = step;
  const canAnswer = isPlaying || wasPlayed;
  const buttons = useRef<HTMLFieldSetElement>(null);
  /** The button goes, and must not take the focus with it. */
  const skip = (): void => {
    buttons.current?.focus();
    onSkip();
  };
  return (
    <StepRow icon={Volume2} step={facts}>
      {status !== 'waiting' && (
        <>
          <fieldset ref={buttons} tabIndex={-1} aria-label="Tone" className="flex flex-wrap gap-2">
            <Button look={canAnswer ? 'secondary' : 'primary'} size="small" onClick={onPlay}>
              <Volume2 className="size-5" />
              {canAnswer ? 'Play again' : 'Play tone'}
            </Button>
            {status === 'running' && (
              <Button look="quiet" size="small" onClick={skip}>
                Skip
              </Button>
            )}
            {canAnswer && (
              <span className="flex gap-2">
                <Button look={status === 'good' ? 'secondary' : 'primary'} size="small" onClick={() => onAnswer(true)}>
                  I heard it
                </Button>
                <Button look="secondary" size="small" onClick={() => onAnswer(false)}>
                  I did not
                </Button>
              </span>
            )}
          </fieldset>
          <DeviceSelect name="Which loudspeaker" devices={devices} chosen={chosen} onChoose={onChoose} />
        </>
      )}
    </StepRow>
  );
}

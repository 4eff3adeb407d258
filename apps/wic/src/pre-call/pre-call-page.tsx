/**
 * The connection test: devices, the way to the network, relays, and how calls will sound.
 *
 * @module
 */
import { usePreCallTest } from '@wicgate/wic-react';
import { ArrowLeft, AudioLines, RadioTower, Waypoints } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { useStrayPressGuard } from '../parts/use-stray-press-guard.ts';
import { CameraRow } from './camera-row.tsx';
import { MicrophoneRow } from './microphone-row.tsx';
import { PreCallSummary } from './pre-call-summary.tsx';
import { SpeakerRow } from './speaker-row.tsx';
import { readFacts } from './step-facts.ts';
import { StepRow } from './step-row.tsx';

export interface PreCallPageProps {
  readonly onBack: () => void;
}

/** Who leaves it ends the test: camera and microphone go off. */
export function PreCallPage({ onBack }: PreCallPageProps): ReactNode {
  const { state, start, stop, playTone, answerTone, skipTone, chooseMicrophone, chooseSpeaker } = usePreCallTest();
  const facts = readFacts(state);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useStrayPressGuard(state.status);

  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4">
      <div>
        <Button look="quiet" size="small" onClick={onBack} className="-ml-3">
          <ArrowLeft className="size-5" />
          Back to the phone
        </Button>
      </div>
      <Card className="flex flex-col gap-5 p-5 sm:p-8">
        <div>
          <h1 ref={heading} tabIndex={-1} className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">
            Test your connection
          </h1>
          <p className="mt-1 text-pretty text-soft">
            Takes about half a minute. Nothing is recorded, and nobody hears or sees you.
          </p>
        </div>
        <PreCallSummary state={state} facts={facts} onStart={start} onStop={stop} />
      </Card>
      <Card>
        <h2 className="sr-only">Steps</h2>
        <ol className="divide-y divide-line">
          <MicrophoneRow
            step={state.microphone}
            facts={facts.microphone}
            isListening={state.status === 'running' || state.microphone.status === 'running'}
            onChoose={chooseMicrophone}
          />
          <SpeakerRow
            step={state.speaker}
            facts={facts.speaker}
            onPlay={playTone}
            onAnswer={answerTone}
            onSkip={skipTone}
            onChoose={chooseSpeaker}
          />
          <CameraRow step={state.camera} facts={facts.camera} />
          <StepRow icon={RadioTower} step={facts.signalling} />
          {facts.relays.map((relay) => (
            <StepRow key={relay.name} icon={Waypoints} step={relay} />
          ))}
          <StepRow icon={AudioLines} step={facts.loopback} />
        </ol>
      </Card>
    </div>
  );
}

/**
 * The camera: what it sees, for oneself alone.
 *
 * @module
 */
import { useMediaElement } from '@wicgate/wic-react';
import type { CameraStep } from '@wicgate/wic-sdk';
import { Video } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StepFacts } from './step-facts.ts';
import { StepRow } from './step-row.tsx';

export interface CameraRowProps {
  readonly step: CameraStep;
  readonly facts: StepFacts;
}

export function CameraRow({ step, facts }: CameraRowProps): ReactNode {
  const ref = useMediaElement(step.picture);
  return (
    <StepRow icon={Video} step={facts}>
      {step.picture !== undefined && (
        <video
          ref={ref}
          aria-label="Camera preview"
          autoPlay
          playsInline
          muted
          className="aspect-4/3 w-full max-w-64 -scale-x-100 rounded-xl border border-line bg-slate-800 object-cover"
        />
      )}
    </StepRow>
  );
}

/**
 * The state of a step: a word, and a sign for those who see it.
 *
 * @module
 */
import type { StepStatus } from '@wicgate/wic-sdk';
import { Check, CircleDashed, LoaderCircle, type LucideIcon, Minus, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';

interface Look {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly colours: string;
}

const looks: Readonly<Record<StepStatus, Look>> = {
  waiting: { word: 'Waiting', icon: CircleDashed, colours: 'text-soft' },
  running: { word: 'Testing', icon: LoaderCircle, colours: 'bg-sunken text-ink' },
  good: { word: 'Good', icon: Check, colours: 'bg-tint text-accent' },
  poor: { word: 'Limited', icon: TriangleAlert, colours: 'bg-warn-tint text-warn-ink' },
  failed: { word: 'Failed', icon: X, colours: 'bg-danger-tint text-danger-ink' },
  skipped: { word: 'Skipped', icon: Minus, colours: 'bg-sunken text-soft' },
};

export interface StepStatusChipProps {
  readonly status: StepStatus;
}

export function StepStatusChip({ status }: StepStatusChipProps): ReactNode {
  const { word, icon: Icon, colours } = looks[status];
  return (
    <span
      className={`inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full px-2.5 font-medium text-sm ${colours}`}
    >
      <Icon aria-hidden="true" className={`size-4 ${status === 'running' ? 'motion-safe:animate-spin' : ''}`} />
      {word}
    </span>
  );
}

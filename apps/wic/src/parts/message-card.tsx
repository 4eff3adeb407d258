/**
 * A card that says one thing and offers one way on.
 *
 * @module
 */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from './card.tsx';
import { useHeadingFocus } from './use-heading-focus.ts';

export interface MessageCardProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

export function MessageCard({ icon: Icon, title, text, children }: MessageCardProps): ReactNode {
  const heading = useHeadingFocus();
  return (
    <Card className="mx-auto flex w-full max-w-md flex-col items-center gap-4 px-6 py-10 text-center sm:px-10">
      <span className="grid size-16 place-items-center rounded-2xl bg-tint text-accent">
        <Icon className="size-8" />
      </span>
      <h1 ref={heading} tabIndex={-1} className="text-balance font-semibold text-2xl tracking-tight">
        {title}
      </h1>
      <p className="text-pretty text-soft">{text}</p>
      {children !== undefined && <div className="mt-2 flex w-full flex-col gap-3">{children}</div>}
    </Card>
  );
}

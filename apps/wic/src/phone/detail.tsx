/**
 * One of the details of a connection: its name, what it is, and what that means.
 *
 * @module
 */
import type { ReactNode } from 'react';

export interface DetailProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function Detail({ name, children }: DetailProps): ReactNode {
  return (
    <div>
      <dt className="text-[0.9375rem] text-soft">{name}</dt>
      <dd className="mt-0.5 font-medium">{children}</dd>
    </div>
  );
}

export function Note({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className="mt-0.5 block text-pretty font-normal text-[0.9375rem] text-soft">{children}</span>;
}

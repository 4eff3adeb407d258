/**
 * The surface that things lie on.
 *
 * @module
 */
import type { ReactNode } from 'react';

export interface CardProps {
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ className = '', children }: CardProps): ReactNode {
  return <section className={`rounded-2xl border border-line bg-card shadow-card ${className}`}>{children}</section>;
}

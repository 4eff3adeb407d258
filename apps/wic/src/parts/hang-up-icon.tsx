/**
 * A receiver that lies in its cradle.
 *
 * @module
 */
import { Phone } from 'lucide-react';
import type { ReactNode } from 'react';

export interface HangUpIconProps {
  readonly className?: string;
}

export function HangUpIcon({ className = '' }: HangUpIconProps): ReactNode {
  return <Phone className={`rotate-[135deg] ${className}`} />;
}

/**
 * The buttons that have words in them.
 *
 * @module
 */
import { Button as BaseButton } from '@base-ui/react/button';
import type { ReactNode } from 'react';

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'bg-tint text-ink hover:bg-line',
  quiet: 'text-soft hover:bg-sunken hover:text-ink',
  answer: 'bg-answer text-white hover:bg-answer-strong',
  warn: 'border border-warn-line text-warn-ink hover:bg-warn-line',
  danger: 'bg-danger text-on-danger hover:bg-danger-strong',
} as const;

const sizes = {
  small: 'h-10 gap-2 px-3 text-[0.9375rem]',
  large: 'h-14 gap-2.5 px-5 text-base',
} as const;

export interface ButtonProps {
  readonly look: keyof typeof looks;
  readonly size?: keyof typeof sizes;
  /** Greyed out and without effect, but still found by the keyboard. */
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly className?: string;
  /** The id of what says more about it. */
  readonly describedBy?: string;
  readonly onClick?: () => void;
  readonly children: ReactNode;
}

export function Button({
  look,
  size = 'large',
  disabled = false,
  type = 'button',
  className = '',
  describedBy,
  onClick,
  children,
}: ButtonProps): ReactNode {
  return (
    <BaseButton
      type={type}
      disabled={disabled}
      focusableWhenDisabled
      aria-describedby={describedBy}
      onClick={onClick}
      className={`inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-xl font-semibold transition-colors data-disabled:cursor-not-allowed data-disabled:opacity-55 ${looks[look]} ${sizes[size]} ${className}`}
    >
      {children}
    </BaseButton>
  );
}

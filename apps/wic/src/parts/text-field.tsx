/**
 * A line to type into, with its name above and its help, or its fault, below.
 *
 * @module
 */
import { Field } from '@base-ui/react/field';
import type { ReactNode, RefObject } from 'react';

export interface TextFieldProps {
  readonly name: string;
  readonly help?: string;
  /** In place of the help, while it stands. */
  readonly fault: string | undefined;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  /** What is typed shows as dots, to assistive technology too: a textbox by name, a password to the browser. */
  readonly secret?: boolean;
  readonly autoComplete: 'username' | 'current-password' | 'off';
}

export function TextField(props: TextFieldProps): ReactNode {
  const { name, help, fault, value, onValueChange, inputRef, secret = false, autoComplete } = props;
  return (
    <Field.Root invalid={fault !== undefined} className="flex flex-col gap-2">
      <Field.Label className="font-medium">{name}</Field.Label>
      <Field.Control
        ref={inputRef}
        type={secret ? 'password' : 'text'}
        {...(secret && { role: 'textbox' })}
        value={value}
        onValueChange={onValueChange}
        autoComplete={autoComplete}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={256}
        className="h-13 w-full rounded-xl border border-edge bg-card px-4 text-base outline-offset-0 data-invalid:border-danger"
      />
      {fault === undefined ? (
        help !== undefined && <Field.Description className="text-[0.9375rem] text-soft">{help}</Field.Description>
      ) : (
        <Field.Error match className="text-[0.9375rem] text-danger-ink">
          {fault}
        </Field.Error>
      )}
    </Field.Root>
  );
}

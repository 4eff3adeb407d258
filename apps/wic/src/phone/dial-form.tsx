/**
 * Whom to call, and how.
 *
 * @module
 */
import { Field } from '@base-ui/react/field';
import { Phone, Video } from 'lucide-react';
import { type FormEvent, type ReactNode, type RefObject, useState } from 'react';
import { Button } from '../parts/button.tsx';

export interface DialFormProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly target: string;
  readonly onTargetChange: (target: string) => void;
  /** False while the network would not take a call. */
  readonly ready: boolean;
  /** False when `target` is nothing that can be called. */
  readonly onCall: (target: string, video: boolean) => boolean;
}

const empty = 'Type a name or an address first.';
const malformed = 'Use a name like bob, or an address like bob@ims.example.';

export function DialForm({ inputRef, target, onTargetChange, ready, onCall }: DialFormProps): ReactNode {
  const [fault, setFault] = useState<string>();

  const place = (video: boolean): void => {
    if (!ready) return;
    const text = target.trim();
    if (text !== '' && onCall(text, video)) return;
    setFault(text === '' ? empty : malformed);
    inputRef.current?.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    place(false);
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field.Root invalid={fault !== undefined} className="flex flex-col gap-2">
        <Field.Label className="font-medium">Who to call</Field.Label>
        <Field.Control
          ref={inputRef}
          value={target}
          onValueChange={(value) => {
            setFault(undefined);
            onTargetChange(value);
          }}
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={256}
          className="h-14 w-full rounded-xl border border-edge bg-card px-4 text-lg outline-offset-0 placeholder:text-soft data-invalid:border-danger"
        />
        {fault === undefined ? (
          <Field.Description className="text-[0.9375rem] text-soft">
            {ready
              ? 'A name, like bob, or an address, like bob@ims.example'
              : 'You can call as soon as you are registered'}
          </Field.Description>
        ) : (
          <Field.Error match className="text-[0.9375rem] text-danger-ink">
            {fault}
          </Field.Error>
        )}
      </Field.Root>
      <div className="flex narrow:flex-col gap-3">
        <Button type="submit" look="primary" className="not-narrow:flex-1" disabled={!ready}>
          <Phone className="size-5" />
          Call
        </Button>
        <Button look="secondary" className="not-narrow:flex-1" disabled={!ready} onClick={() => place(true)}>
          <Video className="size-5" />
          Video call
        </Button>
      </div>
    </form>
  );
}

/**
 * Asks for the SIP password of an account, and the identities it belongs to (TS 33.203 X.2.2.3).
 *
 * What is typed lives in the form alone, and goes with it.
 *
 * @module
 */
import type { WicCredentials } from '@wicgate/wic-sdk';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { TextField, type TextFieldProps } from '../parts/text-field.tsx';
import type { FailureText } from '../texts/failure-text.ts';
import { readPrivateIdentity, readPublicIdentity } from './read-identity.ts';

export interface TypedIdentities {
  readonly publicIdentity: string;
  readonly privateIdentity: string;
}

export interface PasswordAccount {
  readonly typed: TypedIdentities;
  readonly impu: string;
  readonly credentials: Extract<WicCredentials, { readonly kind: 'digest' }>;
}

export interface PasswordFormProps {
  readonly homeDomain: string;
  /** What stood in the form that the network refused. */
  readonly initial: TypedIdentities;
  /** Why the network refused what was sent. */
  readonly refusal: FailureText | undefined;
  /** False: the public identity is none after all. */
  readonly onRegister: (account: PasswordAccount) => boolean;
  readonly onBack: () => void;
}

type FieldName = 'public' | 'private' | 'password';

interface Fault {
  readonly field: FieldName;
  readonly text: string;
}

/** Does not break across lines. */
const sampleNumber = '+49\u00a030\u00a01234';

export function PasswordForm(props: PasswordFormProps): ReactNode {
  const { homeDomain, refusal, onBack } = props;
  const { submit, fields } = usePasswordForm(props);
  const title = useId();
  return (
    <Card className="mx-auto w-full max-w-lg p-5 sm:p-8">
      <form aria-labelledby={title} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div>
          <h1 id={title} className="font-semibold text-2xl tracking-tight">
            Use your SIP password
          </h1>
          <p className="mt-1 text-pretty text-soft">
            Your operator gave you these. The password never leaves this page, and is forgotten when you sign out or
            load the page again.
          </p>
        </div>
        {refusal !== undefined && <Refusal {...refusal} />}
        <TextField
          name="Public identity"
          help={`What others call you by: dora, dora@${homeDomain} or a number like ${sampleNumber}.`}
          autoComplete="username"
          {...fields.public}
        />
        <TextField
          name="Private identity"
          help="Your name towards the network. Leave it empty if your operator told you none."
          autoComplete="off"
          {...fields.private}
        />
        <TextField name="Password" secret autoComplete="current-password" {...fields.password} />
        <div className="mt-1 flex flex-col gap-2">
          <Button type="submit" look="primary">
            Register
          </Button>
          <Button look="quiet" onClick={onBack}>
            Choose another way
          </Button>
        </div>
      </form>
    </Card>
  );
}

type FieldState = Pick<TextFieldProps, 'value' | 'onValueChange' | 'inputRef' | 'fault'>;

interface FormState {
  readonly submit: (event: FormEvent) => void;
  readonly fields: Readonly<Record<FieldName, FieldState>>;
}

/** The focus goes to what is to be typed: at first, after a refusal, and where something is wrong. */
function usePasswordForm({ homeDomain, initial, refusal, onRegister }: PasswordFormProps): FormState {
  const [typed, setTyped] = useState({
    public: initial.publicIdentity,
    private: initial.privateIdentity,
    password: '',
  });
  const [fault, setFault] = useState<Fault>();
  const inputs = { public: useInput(), private: useInput(), password: useInput() };
  const first = refusal === undefined ? inputs.public : inputs.password;
  useEffect(() => first.current?.focus(), [first]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const identities: TypedIdentities = { publicIdentity: typed.public, privateIdentity: typed.private };
    const read = readAccount(identities, typed.password, homeDomain);
    if ('impu' in read && onRegister(read)) return;
    const found = 'impu' in read ? malformed(homeDomain) : read;
    setFault(found);
    inputs[found.field].current?.focus();
  };
  const field = (name: FieldName): FieldState => ({
    value: typed[name],
    inputRef: inputs[name],
    fault: fault?.field === name ? fault.text : undefined,
    onValueChange: (value) => {
      setFault(undefined);
      setTyped((last) => ({ ...last, [name]: value }));
    },
  });
  return { submit, fields: { public: field('public'), private: field('private'), password: field('password') } };
}

function Refusal({ title, text }: FailureText): ReactNode {
  return (
    <div role="alert" className="flex gap-3 rounded-xl bg-danger-tint px-4 py-3 text-danger-ink">
      <TriangleAlert className="mt-0.5 size-5 shrink-0" />
      <div>
        <p className="font-semibold">{title}</p>
        <p className="text-[0.9375rem]">{text}</p>
      </div>
    </div>
  );
}

const useInput = () => useRef<HTMLInputElement>(null);

function malformed(homeDomain: string): Fault {
  return { field: 'public', text: `It looks like dora, dora@${homeDomain} or ${sampleNumber}.` };
}

/** The private identity may stay empty: then the network makes it from the public one (TS 33.203 X.2.2.3). */
function readAccount(typed: TypedIdentities, password: string, homeDomain: string): PasswordAccount | Fault {
  const impu = readPublicIdentity(typed.publicIdentity, homeDomain);
  if (impu === undefined) {
    const isEmpty = typed.publicIdentity.trim() === '';
    return isEmpty ? { field: 'public', text: 'Type what others call you by.' } : malformed(homeDomain);
  }
  const isNamed = typed.privateIdentity.trim() !== '';
  const impi = isNamed ? readPrivateIdentity(typed.privateIdentity, homeDomain) : undefined;
  if (isNamed && impi === undefined) {
    return { field: 'private', text: `It looks like dora@${homeDomain}, without spaces. It may also be left empty.` };
  }
  if (impi === undefined && impu.startsWith('tel:')) {
    return { field: 'private', text: 'With a telephone number, this one is needed too. Ask your operator for it.' };
  }
  if (password === '') return { field: 'password', text: 'Type your SIP password.' };
  return { typed, impu, credentials: { kind: 'digest', impi, password } };
}

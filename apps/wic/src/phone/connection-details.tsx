/**
 * How one is registered, in words and by the names of the standard; or why not, and what to do.
 *
 * @module
 */
import { useCallPath } from '@wicgate/wic-react';
import type { Call, MediaPath, RegistrationDetails, RegistrationState } from '@wicgate/wic-sdk';
import type { ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useSecondsLeft } from '../parts/use-seconds-left.ts';
import { relayChoiceOf } from '../relay-only/relay-only.ts';
import { RelayOnlySwitch } from '../relay-only/relay-only-switch.tsx';
import type { Person } from '../session/person.ts';
import { type FailureAction, failureText } from '../texts/failure-text.ts';
import { mediaPathDetails } from '../texts/media-path-text.ts';
import { schemeTexts } from '../texts/scheme-text.ts';
import { timeLeft } from '../texts/time-left.ts';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';
import { ConnectionTest } from './connection-test.tsx';
import { CopyAll } from './copy-all.tsx';
import { Detail, Note } from './detail.tsx';
import { MediaPathDetail } from './media-path-detail.tsx';

export interface ConnectionDetailsProps {
  readonly state: RegistrationState;
  readonly person: Person;
  readonly configuration: ClientConfiguration;
  /** The one that is being made or talked in. */
  readonly call: Call | undefined;
  readonly onAction: (action: FailureAction) => void;
  readonly onTest: () => void;
  readonly onClose: () => void;
}

export function ConnectionDetails(props: ConnectionDetailsProps): ReactNode {
  const { state, person, configuration, call, onAction, onTest, onClose } = props;
  const path = useCallPath(call);
  const registered = state.status === 'registered' ? state : undefined;
  const impi = registered?.impi ?? person.impi;
  const impus = registered?.impus ?? [person.impu];
  return (
    <Dialog title="Connection details" onClose={onClose}>
      <div className="flex flex-col gap-6">
        <Standing state={state} person={person} onAction={onAction} />
        <RelayOnlySwitch choice={relayChoiceOf(configuration)} />
        <ConnectionTest isInCall={call !== undefined} onTest={onTest} />
        <dl className="flex flex-col gap-5">
          {path !== undefined && <MediaPathDetail path={path} />}
          <Detail name="Way in">
            <Scheme person={person} />
          </Detail>
          <Detail name={impus.length === 1 ? 'Public identity' : 'Public identities'}>
            <PublicIdentities impus={impus} isRegistered={registered !== undefined} />
          </Detail>
          <Detail name="Private identity">
            {impi === undefined ? 'The network alone knows it' : <Identifier text={impi} />}
            <Note>Your name towards the network; nobody calls it.</Note>
          </Detail>
          {registered !== undefined && <Expiry {...registered} />}
          <Detail name="Gateway">
            <Identifier text={configuration.epCscfUrl} />
          </Detail>
          <Detail name="Encryption">
            TLS, by your browser (secure WebSocket)
            <Note>
              The browser has checked the certificate of the gateway. It does not tell a page the TLS version or the
              cipher; its developer tools may show them.
            </Note>
          </Detail>
        </dl>
        <CopyAll text={describe({ state, person, configuration, path })} />
      </div>
    </Dialog>
  );
}

function Scheme({ person: { way } }: Pick<ConnectionDetailsProps, 'person'>): ReactNode {
  const { name, standard, text } = schemeTexts[way];
  return (
    <>
      {name}
      <span className="block font-normal text-[0.9375rem]">{standard}</span>
      <Note>{text}</Note>
    </>
  );
}

function PublicIdentities({
  impus,
  isRegistered,
}: {
  readonly impus: readonly string[];
  readonly isRegistered: boolean;
}): ReactNode {
  return (
    <ul className="flex flex-col gap-1">
      {impus.map((impu, index) => (
        <li key={impu} className="flex flex-wrap items-center gap-x-2">
          <Identifier text={impu} />
          {isRegistered && index === 0 && (
            <span className="rounded-full bg-tint px-2.5 py-0.5 text-accent text-sm">Default</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Expiry({ expiresAtMs }: Pick<RegistrationDetails, 'expiresAtMs'>): ReactNode {
  const seconds = useSecondsLeft(expiresAtMs) ?? 0;
  return (
    <Detail name="Valid until">
      <time dateTime={new Date(expiresAtMs).toISOString()}>{inFull.format(expiresAtMs)}</time>
      <Note>{`In ${timeLeft(seconds)}. While this page is open it is renewed before.`}</Note>
    </Detail>
  );
}

const inFull = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** Where one is not registered: what happens, or what would help. */
function Standing({
  state,
  person,
  onAction,
}: Pick<ConnectionDetailsProps, 'state' | 'person' | 'onAction'>): ReactNode {
  if (state.status === 'registered') return null;
  if (state.status === 'registering') return <Trying {...state} />;
  if (state.status === 'not registered') {
    return <p className="rounded-xl bg-sunken px-4 py-3">This tab is not registered: nobody can call you here.</p>;
  }
  const { title, text, actions } = failureText(state, person.way);
  return (
    <section className="flex flex-col gap-3 rounded-xl bg-danger-tint px-4 py-3 text-danger-ink">
      <h3 className="font-semibold">{title}</h3>
      <p className="text-[0.9375rem]">{text}</p>
      <div className="flex flex-wrap gap-2">
        {actions.map((action, index) => (
          <Button
            key={action}
            size="small"
            look={index === 0 ? 'primary' : 'secondary'}
            onClick={() => onAction(action)}
          >
            {action}
          </Button>
        ))}
      </div>
      <p className="wrap-anywhere text-sm">{state.code}</p>
    </section>
  );
}

function Trying({ attempt, retryAtMs }: Extract<RegistrationState, { readonly status: 'registering' }>): ReactNode {
  const seconds = useSecondsLeft(retryAtMs);
  if (attempt === 1 && seconds === undefined) return <p className="rounded-xl bg-sunken px-4 py-3">Registering…</p>;
  return (
    <section className="rounded-xl bg-warn-tint px-4 py-3 text-warn-ink">
      <h3 className="font-semibold">The gateway does not answer, or asks to wait</h3>
      <p className="text-[0.9375rem]">
        {seconds === undefined || seconds === 0
          ? 'Trying again now.'
          : `Wicgate tries again by itself in ${seconds} s.`}{' '}
        If that goes on, check that you are online, and that nothing between you and the gateway blocks WebSockets.
      </p>
    </section>
  );
}

function Identifier({ text }: { readonly text: string }): ReactNode {
  return <bdi className="wrap-anywhere select-all">{text}</bdi>;
}

interface Described extends Pick<ConnectionDetailsProps, 'state' | 'person' | 'configuration'> {
  readonly path: MediaPath | undefined;
}

/** All of it as lines of text, for whoever asks for help. No secret is among it. */
function describe({ state, person, configuration, path }: Described): string {
  const registered = state.status === 'registered' ? state : undefined;
  const { name, standard } = schemeTexts[person.way];
  const lines = [
    [
      'Registration',
      state.status === 'failed' ? `failed, ${state.code} (${state.detail ?? state.reason})` : state.status,
    ],
    ['Way in', `${name}: ${standard}`],
    ...(registered?.impus ?? [person.impu]).map((impu) => ['Public identity', impu]),
    ['Private identity', registered?.impi ?? person.impi ?? 'known to the network alone'],
    ...(registered === undefined ? [] : [['Valid until', new Date(registered.expiresAtMs).toISOString()]]),
    ...describePath(path),
    ['Gateway', configuration.epCscfUrl],
    ['Encryption', 'TLS (secure WebSocket)'],
  ];
  return lines.map((line) => line.join(': ')).join('\n');
}

function describePath(path: MediaPath | undefined): readonly [name: string, text: string][] {
  if (path === undefined) return [];
  const { ownEnd, farEnd } = mediaPathDetails(path);
  return [
    ['Media path, this end', ownEnd],
    ['Media path, other end', farEnd],
  ];
}

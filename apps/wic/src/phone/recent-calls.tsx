/**
 * The calls of this visit, newest first. They live in memory and are gone with the page.
 *
 * @module
 */
import { useCallState } from '@wicgate/wic-react';
import { isAnonymous } from '@wicgate/wic-sdk';
import { History, PhoneIncoming, PhoneMissed, PhoneOutgoing } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '../parts/card.tsx';
import { callEndText } from '../texts/call-end-text.ts';
import { addressOf, peerName } from '../texts/peer-name.ts';
import type { LoggedCall } from './use-phone-calls.ts';

const shown = 5;
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

export interface RecentCallsProps {
  readonly log: readonly LoggedCall[];
  /** The person wants this address again. */
  readonly onPick: (address: string) => void;
}

export function RecentCalls({ log, onPick }: RecentCallsProps): ReactNode {
  return (
    <Card className="flex flex-col p-2">
      <h2 className="px-3 pt-3 pb-2 font-semibold">Recent</h2>
      {log.length === 0 ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-3 px-6 py-6 text-center text-[0.9375rem] text-soft">
          <History className="size-8 opacity-60" />
          <p className="text-balance">Calls you make and get appear here, until you close or reload this page.</p>
        </div>
      ) : (
        <ul>
          {log.slice(0, shown).map((logged) => (
            <RecentCall key={logged.call.id} logged={logged} onPick={onPick} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What to dial for `uri`: short where that means the same. */
function targetOf(uri: string): string {
  return /^sip:/i.test(uri) ? addressOf(uri) : uri;
}

interface RecentCallProps {
  readonly logged: LoggedCall;
  readonly onPick: (address: string) => void;
}

function RecentCall({ logged: { call, startedAtMs }, onPick }: RecentCallProps): ReactNode {
  const { end, connectedAtMs } = useCallState(call);
  const missed = call.direction === 'incoming' && connectedAtMs === undefined;
  const Icon = missed ? PhoneMissed : call.direction === 'incoming' ? PhoneIncoming : PhoneOutgoing;
  return (
    <li>
      <Row onPick={isAnonymous(call.peer) ? undefined : () => onPick(targetOf(call.peer.uri))}>
        <Icon className={`size-5 shrink-0 ${missed ? 'text-danger-ink' : 'text-accent'}`} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">
            <bdi>{peerName(call.peer)}</bdi>
          </span>
          {end !== undefined && (
            <span className="wrap-anywhere line-clamp-2 text-[0.9375rem] text-soft">{callEndText(call, end)}</span>
          )}
        </span>
        <time dateTime={new Date(startedAtMs).toISOString()} className="shrink-0 text-soft text-sm tabular-nums">
          {clock.format(startedAtMs)}
        </time>
      </Row>
    </li>
  );
}

const row = 'flex w-full items-center gap-3 rounded-xl px-3 py-2.5 text-left';

interface RowProps {
  /** Undefined where nobody knows whom to call. */
  readonly onPick: (() => void) | undefined;
  readonly children: ReactNode;
}

function Row({ onPick, children }: RowProps): ReactNode {
  if (onPick === undefined) return <div className={row}>{children}</div>;
  return (
    <button type="button" onClick={onPick} className={`${row} transition-colors hover:bg-sunken`}>
      {children}
    </button>
  );
}

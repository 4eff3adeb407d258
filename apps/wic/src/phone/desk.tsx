/**
 * The telephone when nobody talks: whom to call, and who called.
 *
 * @module
 */
import { TargetInvalid } from '@wicgate/wic-sdk';
import { type ReactNode, useRef } from 'react';
import { Card } from '../parts/card.tsx';
import { useHeadingFocus } from '../parts/use-heading-focus.ts';
import type { Person } from '../session/person.ts';
import { addressOf, peerName } from '../texts/peer-name.ts';
import { DialForm } from './dial-form.tsx';
import { RecentCalls } from './recent-calls.tsx';
import type { PhoneCalls } from './use-phone-calls.ts';

export interface DeskProps {
  readonly person: Person;
  /** Whether the network would take a call. */
  readonly ready: boolean;
  readonly target: string;
  readonly onTargetChange: (target: string) => void;
  readonly calls: PhoneCalls;
}

export function Desk({ person, ready, target, onTargetChange, calls }: DeskProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const heading = useHeadingFocus();
  const call = (address: string, video: boolean): boolean => {
    try {
      calls.place(address, video);
      return true;
    } catch (error) {
      if (error instanceof TargetInvalid) return false;
      throw error;
    }
  };
  const pick = (address: string): void => {
    onTargetChange(address);
    input.current?.focus();
  };
  const name = peerName({ uri: person.impu, displayName: person.displayName });

  return (
    <div className="grid grid-cols-1 items-stretch gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card className="flex flex-col gap-7 p-5 sm:p-8">
        <div>
          <h1 ref={heading} tabIndex={-1} className="truncate font-semibold text-2xl tracking-tight sm:text-3xl">
            Hello, <bdi>{name}</bdi>
          </h1>
          <p className="mt-1 text-soft">
            People reach you at{' '}
            <span className="wrap-anywhere inline-block font-medium text-ink">{addressOf(person.impu)}</span>
          </p>
          {person.way === 'guest' && (
            <p className="mt-1 text-pretty text-[0.9375rem] text-soft">
              This address is temporary: yours while this page is open, somebody else’s later.
            </p>
          )}
        </div>
        <DialForm inputRef={input} target={target} onTargetChange={onTargetChange} ready={ready} onCall={call} />
      </Card>
      <RecentCalls log={calls.log} onPick={pick} />
    </div>
  );
}

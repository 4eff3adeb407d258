import { describe, expect, it } from 'vitest';
import { ChallengeUnsupported } from '../errors.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { createOutgoing } from '../testing/memory-element.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { raisedExpires } from './raised-expires.ts';
import { refreshAfterMs } from './refresh-after.ts';
import { sendAuthorized } from './send-authorized.ts';
import { TimerGroup } from './timer-group.ts';

describe('TimerGroup', () => {
  it('[RFC 3261 17] runs each timer once, the last one started of a name', () => {
    const clock = new VirtualClock();
    const timers = new TimerGroup<'a' | 'b'>(clock);
    const log: string[] = [];
    timers.start('a', 10, () => log.push('a first'));
    timers.start('a', 20, () => log.push('a'));
    timers.start('b', 30, () => log.push('b'));
    clock.advance(25);
    expect([log, timers.isRunning('a'), timers.isRunning('b')]).toEqual([['a'], false, true]);
    timers.stopAll();
    clock.advance(100);
    expect([log, clock.pending]).toEqual([['a'], 0]);
  });

  it('[RFC 3261 20.19] waits longer than a platform can count, for 2^32 seconds too', () => {
    const clock = new VirtualClock();
    const waits: number[] = [];
    const timers = new TimerGroup<'a'>({
      now: () => clock.now(),
      after: (ms, run) => {
        waits.push(ms);
        return clock.after(ms, run);
      },
    });
    let isOver = false;
    timers.start('a', 5_000_000_000, () => {
      isOver = true;
    });
    clock.advance(4_999_999_999);
    expect(isOver).toBe(false);
    clock.advance(1);
    expect([isOver, Math.max(...waits)]).toEqual([true, 2_147_483_647]);
  });
});

it.each([
  { lifetimeMs: 3_600_000, random: 0, afterMs: 3_000_000 },
  { lifetimeMs: 1_200_001, random: 0, afterMs: 600_001 },
  { lifetimeMs: 1_200_000, random: 0, afterMs: 600_000 },
  { lifetimeMs: 60_000, random: 0.5, afterMs: 28_500 },
  { lifetimeMs: 0, random: 0, afterMs: 0 },
])('[TS 24.229 5.1.1.4.1] refreshes what lasts $lifetimeMs ms after $afterMs', ({ lifetimeMs, random, afterMs }) => {
  expect(refreshAfterMs(lifetimeMs, () => random)).toBe(afterMs);
});

it.each([
  { title: 'more than was asked for', statusCode: 423, value: '90', raised: 90 },
  { title: 'no more than was asked for', statusCode: 423, value: '60', raised: undefined },
  { title: 'more than a year', statusCode: 423, value: '31536001', raised: undefined },
  { title: 'nothing that can be read', statusCode: 423, value: 'x', raised: undefined },
  { title: 'another status', statusCode: 400, value: '90', raised: undefined },
])('[RFC 3261 10.2.8] asks for $raised where a response has $title', ({ statusCode, value, raised }) => {
  const response = createResponse(createOutgoing('REGISTER'), statusCode, { headers: [['Min-Expires', value]] });
  expect(raisedExpires(response, 60, 2)).toBe(raised);
  expect(raisedExpires(response, 60, 3)).toBeUndefined();
});

describe('sendAuthorized', () => {
  const challenge: ClientEvent = { type: 'response', response: createResponse(createOutgoing('OPTIONS'), 401) };
  const run = (
    authorize: ((request: SipRequest) => SipRequest | undefined) | undefined,
  ): readonly (string | number)[] => {
    const log: (string | number)[] = [];
    let sequence = 7;
    const nextSequence = (): number => {
      sequence += 1;
      return sequence;
    };
    const send = (request: SipRequest, inform: (event: ClientEvent) => void): void => {
      log.push(request.headers.first('CSeq') ?? '');
      inform(challenge);
    };
    sendAuthorized(createOutgoing('OPTIONS'), { send, authorize, nextSequence }, (event) => log.push(event.type));
    return log;
  };

  it('[RFC 3261 22.2] tries as often as two hops and a stale nonce may want it', () => {
    expect(run((request) => request)).toEqual(['1 OPTIONS', '8 OPTIONS', '9 OPTIONS', '10 OPTIONS', 'response']);
  });

  it.each([
    { title: 'nobody to ask', authorize: undefined },
    { title: 'no credentials', authorize: () => undefined },
    {
      title: 'a challenge that cannot be answered',
      authorize: () => {
        throw new ChallengeUnsupported();
      },
    },
  ])('[RFC 3261 22.2] hands on the challenge with $title', ({ authorize }) => {
    expect(run(authorize)).toEqual(['1 OPTIONS', 'response']);
  });

  it('[RFC 3261 22.2] answers no challenge once nobody wants the answer', () => {
    const sent: SipRequest[] = [];
    const log: string[] = [];
    let isWanted = true;
    const send = (request: SipRequest, inform: (event: ClientEvent) => void): void => {
      sent.push(request);
      isWanted = sent.length < 2;
      inform(challenge);
    };
    const sending = {
      send,
      authorize: (request: SipRequest) => request,
      nextSequence: () => 2,
      isWanted: () => isWanted,
    };
    sendAuthorized(createOutgoing('OPTIONS'), sending, (event) => log.push(event.type));
    expect([sent.length, log]).toEqual([2, ['response']]);
  });

  it('[RFC 3261 22.2] hides no other error', () => {
    expect(() =>
      run(() => {
        throw new RangeError('a mistake');
      }),
    ).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { type End, OfferAnswer } from './offer-answer.ts';
import {
  type Carrier,
  type CarrierEvent,
  type DescriptionRole,
  type OfferAnswerState,
  offerAnswerTable,
} from './offer-answer-table.ts';

type Step = readonly [sender: End, carrier: Carrier, hasDescription: boolean];

/** The way into each state, with the offer made at this end. */
const waysIn: Readonly<Record<OfferAnswerState, readonly Step[]>> = {
  'stable': [],
  'offer wanted': [['remote', 'INVITE', false]],
  'offer in INVITE': [['local', 'INVITE', true]],
  'offer in reliable 1xx': [
    ['remote', 'INVITE', false],
    ['local', 'reliable 1xx', true],
  ],
  'offer in INVITE success': [
    ['remote', 'INVITE', false],
    ['local', 'INVITE success', true],
  ],
  'offer in PRACK': [['local', 'PRACK', true]],
  'offer in UPDATE': [['local', 'UPDATE', true]],
};
const states = Object.keys(waysIn) as OfferAnswerState[];

function play(steps: readonly Step[], isMirrored: boolean, random = 0): OfferAnswer {
  const session = new OfferAnswer(() => random);
  for (const [sender, carrier, hasDescription] of steps) {
    if ((sender === 'local') === isMirrored) session.receive(carrier, hasDescription);
    else session.send(carrier, hasDescription);
  }
  return session;
}

const arrows = states.flatMap((state) =>
  Object.entries(offerAnswerTable[state]).map(([event, { next, role, from }]) => {
    const [fill = '', ...words] = event.split(' ');
    return { state, event, carrier: words.join(' ') as Carrier, hasDescription: fill === 'full', next, role, from };
  }),
);

describe('OfferAnswer', () => {
  it.each(arrows)('[RFC 6337 2] $event in state "$state" is $role', (arrow) => {
    const { state, carrier, hasDescription, next, role, from } = arrow;
    // At the end that offered, and at the other one.
    for (const isMirrored of [false, true]) {
      const session = play(waysIn[state], isMirrored);
      expect(session.state).toBe(state);
      const isSent = from === 'anybody' || (from === 'offerer') !== isMirrored;
      if (isSent && role === 'missing') {
        expect(() => session.send(carrier, hasDescription)).toThrow(TypeError);
        continue;
      }
      const found = isSent ? session.send(carrier, hasDescription) : session.receive(carrier, hasDescription);
      expect([found, session.state]).toEqual([role, next]);
      if (role === 'answer') expect([session.isEstablished, session.answerer]).toEqual([true, undefined]);
    }
  });

  it.each(states.filter((state) => state !== 'stable'))('[RFC 3311 5.2] no second offer in state "%s"', (state) => {
    for (const carrier of ['INVITE', 'UPDATE'] as const) {
      const ours = play(waysIn[state], false);
      expect(() => ours.send(carrier, true)).toThrow(TypeError);
      expect(() => ours.receive(carrier, true)).toThrow(
        expect.objectContaining({ code: 'ERR_SIP_OFFER_PENDING', statusCode: 491 }),
      );
      const theirs = play(waysIn[state], true, 0.99);
      expect(() => theirs.receive(carrier, true)).toThrow(
        expect.objectContaining({ code: 'ERR_SIP_OFFER_OVERLAPPED', statusCode: 500, retryAfterSeconds: 10 }),
      );
      expect([ours.state, theirs.state]).toEqual([state, state]);
    }
  });

  it.each(states)('[RFC 3311 5.1] UPDATE without offer changes nothing in state "%s"', (state) => {
    const session = play(waysIn[state], false);
    expect([session.receive('UPDATE', false), session.send('UPDATE', false), session.state]).toEqual([
      'none',
      'none',
      state,
    ]);
  });

  it.each<{ clause: string; steps: readonly Step[]; last: Step; role: DescriptionRole }>([
    {
      clause: 'RFC 3261 13.2.1, the 2xx repeats the answer of the reliable 183',
      steps: [
        ['local', 'INVITE', true],
        ['remote', 'reliable 1xx', true],
      ],
      last: ['remote', 'INVITE success', true],
      role: 'repeat',
    },
    {
      clause: 'RFC 6337 3.1.1, early media before the answer',
      steps: [['local', 'INVITE', true]],
      last: ['remote', 'unreliable 1xx', true],
      role: 'preview',
    },
    {
      clause: 'RFC 3262 5, a reliable 180 without answer',
      steps: [['local', 'INVITE', true]],
      last: ['remote', 'reliable 1xx', false],
      role: 'none',
    },
    {
      clause: 'RFC 3311 5.2, the 491 for their UPDATE leaves our offer open',
      steps: [['local', 'UPDATE', true]],
      last: ['local', 'UPDATE failure', false],
      role: 'none',
    },
  ])('[$clause] is $role', ({ steps, last, role }) => {
    const session = play(steps, false);
    const [sender, carrier, hasDescription] = last;
    const { state } = session;
    expect(sender === 'local' ? session.send(carrier, hasDescription) : session.receive(carrier, hasDescription)).toBe(
      role,
    );
    expect(session.state).toBe(state);
  });

  it('[RFC 3264 4] says who owes the answer', () => {
    expect(play(waysIn['offer in INVITE'], false).answerer).toBe('remote');
    expect(play(waysIn['offer in INVITE'], true).answerer).toBe('local');
    expect(play(waysIn['offer wanted'], false)).toMatchObject({
      answerer: undefined,
      offerer: 'local',
      mayOffer: false,
    });
  });

  it('[RFC 6337 3.1.1] each fork answers the offer of the INVITE for itself', () => {
    const [one, other] = [OfferAnswer.fork(() => 0, true), OfferAnswer.fork(() => 0, true)];
    one.receive('reliable 1xx', true);
    expect([one.mayOffer, other.mayOffer, OfferAnswer.fork(() => 0, false).state]).toEqual([
      true,
      false,
      'offer wanted',
    ]);
  });

  it('[RFC 6337 table 1] has an arrow for each of the six places of an offer and its answer', () => {
    const offers = (Object.values(offerAnswerTable) as { [event in CarrierEvent]?: { role: string } }[]).flatMap(
      (rows) => Object.entries(rows).flatMap(([event, { role }]) => (role === 'offer' ? [event] : [])),
    );
    expect(offers.toSorted()).toEqual([
      'full INVITE',
      'full INVITE success',
      'full PRACK',
      'full UPDATE',
      'full reliable 1xx',
    ]);
    expect(arrows.filter(({ role }) => role === 'answer')).toHaveLength(6);
  });
});

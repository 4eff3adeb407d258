import { describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { createResponse } from '../messages/create-response.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { RecordingHost } from '../testing/recording-host.ts';
import { type NonInviteClientState, NonInviteClientTransaction, nonInviteClientTable } from './non-invite-client.ts';

const request: SipRequest = {
  method: 'REGISTER',
  requestUri: 'sip:registrar.biloxi.com',
  headers: Headers.of(
    ['Via', 'SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7'],
    ['From', 'Bob <sip:bob@biloxi.com>;tag=456248'],
    ['To', 'Bob <sip:bob@biloxi.com>'],
    ['Call-ID', '843817637684230@998sdasdh09'],
    ['CSeq', '1826 REGISTER'],
  ),
  body: noBody,
};

type Event = '1xx' | '200-699' | 'timer E' | 'timer F' | 'timer K' | 'transport error';

const ways: Readonly<Record<NonInviteClientState, readonly Event[]>> = {
  trying: [],
  proceeding: ['1xx'],
  completed: ['200-699'],
  terminated: ['transport error'],
};

/** RFC 3261 figure 6, one line an arrow. */
const arrows: readonly {
  from: NonInviteClientState;
  event: Event;
  to: NonInviteClientState;
  log: readonly string[];
}[] = [
  { from: 'trying', event: 'timer E', to: 'trying', log: ['send REGISTER'] },
  { from: 'trying', event: 'timer F', to: 'terminated', log: ['forget', 'inform timeout'] },
  { from: 'trying', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'trying', event: '1xx', to: 'proceeding', log: ['inform 100'] },
  { from: 'trying', event: '200-699', to: 'completed', log: ['inform 200'] },
  { from: 'proceeding', event: 'timer E', to: 'proceeding', log: ['send REGISTER'] },
  { from: 'proceeding', event: 'timer F', to: 'terminated', log: ['forget', 'inform timeout'] },
  { from: 'proceeding', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'proceeding', event: '1xx', to: 'proceeding', log: ['inform 100'] },
  { from: 'proceeding', event: '200-699', to: 'completed', log: ['inform 200'] },
  { from: 'completed', event: 'timer K', to: 'terminated', log: ['forget'] },
];
const outerEvents: readonly Event[] = ['1xx', '200-699', 'transport error'];
const silent = (Object.keys(ways) as readonly NonInviteClientState[]).flatMap((from) =>
  outerEvents
    .filter((event) => !arrows.some((arrow) => arrow.from === from && arrow.event === event))
    .map((event) => ({ from, event })),
);

function start(reliable: boolean): { host: RecordingHost; transaction: NonInviteClientTransaction } {
  const host = new RecordingHost(reliable);
  return { host, transaction: new NonInviteClientTransaction(request, host) };
}

function drive(transaction: NonInviteClientTransaction, { clock, reliable }: RecordingHost, event: Event): void {
  if (event === '1xx') transaction.receive(createResponse(request, 100));
  else if (event === '200-699') transaction.receive(createResponse(request, 200, { toTag: 'r' }));
  else if (event === 'transport error') transaction.fail(new TransportFailed('gone'));
  else if (event === 'timer E') clock.advance(500);
  else if (event === 'timer F') clock.advance(32_000);
  else clock.advance(reliable ? 0 : 5_000);
}

describe.each([
  { transport: 'unreliable', reliable: false },
  { transport: 'reliable', reliable: true },
])('non-INVITE client transaction, $transport', ({ reliable }) => {
  it.each(arrows.filter(({ event }) => !(reliable && event === 'timer E')))(
    '[RFC 3261 17.1.2.2] $from, $event: $to',
    ({ from, event, to, log }) => {
      const { host, transaction } = start(reliable);
      for (const step of ways[from]) drive(transaction, host, step);
      expect(transaction.state).toBe(from);
      host.takeLog();
      drive(transaction, host, event);
      expect(transaction.state).toBe(to);
      const heard = host.takeLog();
      // Timer F comes when E has fired many times.
      expect(event === 'timer F' ? heard.filter((line) => line !== 'send REGISTER') : heard).toEqual(log);
      if (to === 'terminated') expect(host.clock.pending).toBe(0);
    },
  );

  it.each(silent)('[RFC 3261 17.1.2.2] $from absorbs $event', ({ from, event }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    host.takeLog();
    drive(transaction, host, event);
    expect(transaction.state).toBe(from);
    expect(host.takeLog()).toEqual([]);
  });
});

describe('non-INVITE client transaction', () => {
  it('[RFC 3261 17.1.2.2] has these arrows and no others', () => {
    const table = Object.entries(nonInviteClientTable.transitions).flatMap(([from, row]) =>
      Object.keys(row).map((event) => `${from}, ${event}`),
    );
    expect(arrows.map(({ from, event }) => `${from}, ${event}`).toSorted()).toEqual(table.toSorted());
  });

  it.each([
    { provisionalAt: undefined, sentAt: [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500] },
    { provisionalAt: 700, sentAt: [0, 500, 1_500, 5_500, 9_500, 13_500, 17_500, 21_500, 25_500, 29_500] },
  ])(
    '[RFC 3261 17.1.2.2] repeats at intervals up to T2, provisional response at $provisionalAt',
    ({ provisionalAt, sentAt }) => {
      const { host, transaction } = start(false);
      const heard: number[] = [];
      for (let ms = 0; ms < 40_000; ms += 100) {
        if (host.clock.now() === provisionalAt) drive(transaction, host, '1xx');
        if (host.takeLog().includes('send REGISTER')) heard.push(host.clock.now());
        host.clock.advance(100);
      }
      expect(heard).toEqual(sentAt);
      expect(host.events.at(-1)).toEqual({ type: 'timeout' });
      expect(host.clock.pending).toBe(0);
    },
  );

  it('[RFC 3261 17.1.2.2] sends once over a reliable transport and waits 64*T1, provisional response or not', () => {
    const { host, transaction } = start(true);
    drive(transaction, host, '1xx');
    host.clock.advance(31_999);
    expect(host.takeLog()).toEqual(['send REGISTER', 'inform 100']);
    host.clock.advance(1);
    expect(host.takeLog()).toEqual(['forget', 'inform timeout']);
  });

  it('[RFC 3261 17.1.4] tells its user once that sending failed', async () => {
    const host = new RecordingHost(false);
    host.isBroken = true;
    const transaction = new NonInviteClientTransaction(request, host);
    await host.clock.run(40_000);
    expect(transaction.state).toBe('terminated');
    expect(host.log).toEqual(['forget', 'inform transport error']);
    expect(host.clock.pending).toBe(0);
  });
});

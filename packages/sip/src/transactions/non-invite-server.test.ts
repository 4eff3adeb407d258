import { describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { createResponse } from '../messages/create-response.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';
import { RecordingHost } from '../testing/recording-host.ts';
import { type NonInviteServerState, NonInviteServerTransaction, nonInviteServerTable } from './non-invite-server.ts';

const request: SipRequest = {
  method: 'OPTIONS',
  requestUri: 'sip:carol@chicago.com',
  headers: Headers.of(
    ['Via', 'SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKhjhs8ass877'],
    ['From', '<sip:alice@atlanta.com>;tag=1928301774'],
    ['To', '<sip:carol@chicago.com>'],
    ['Call-ID', 'a84b4c76e66710'],
    ['CSeq', '63104 OPTIONS'],
  ),
  body: noBody,
};
const response = (statusCode: number): SipResponse => createResponse(request, statusCode, { toTag: 'c' });

type Event = 'request' | '1xx' | '200-699' | 'timer 100' | 'expiry' | 'timer J' | 'transport error';

const ways: Readonly<Record<NonInviteServerState, readonly Event[]>> = {
  trying: [],
  proceeding: ['timer 100'],
  completed: ['200-699'],
  terminated: ['200-699', 'timer J'],
};

/** RFC 3261 figure 8 with RFC 4320, one line an arrow; the flow may also end while nothing has been sent. */
const arrows: readonly {
  from: NonInviteServerState;
  event: Event;
  to: NonInviteServerState;
  log: readonly string[];
}[] = [
  { from: 'trying', event: '1xx', to: 'proceeding', log: ['send 100'] },
  { from: 'trying', event: 'timer 100', to: 'proceeding', log: ['send 100'] },
  { from: 'trying', event: '200-699', to: 'completed', log: ['send 200'] },
  { from: 'trying', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'proceeding', event: 'request', to: 'proceeding', log: ['send 100'] },
  { from: 'proceeding', event: '1xx', to: 'proceeding', log: ['send 100'] },
  { from: 'proceeding', event: '200-699', to: 'completed', log: ['send 200'] },
  { from: 'proceeding', event: 'expiry', to: 'terminated', log: ['forget'] },
  { from: 'proceeding', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'completed', event: 'request', to: 'completed', log: ['send 200'] },
  { from: 'completed', event: 'timer J', to: 'terminated', log: ['forget'] },
  { from: 'completed', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
];
const states = Object.keys(ways) as readonly NonInviteServerState[];
const without = (events: readonly Event[]): readonly { from: NonInviteServerState; event: Event }[] =>
  states.flatMap((from) =>
    events
      .filter((event) => !arrows.some((arrow) => arrow.from === from && arrow.event === event))
      .map((event) => ({ from, event })),
  );

function start(reliable: boolean): { host: RecordingHost; transaction: NonInviteServerTransaction } {
  const host = new RecordingHost(reliable);
  return { host, transaction: new NonInviteServerTransaction(request, host) };
}

function drive(transaction: NonInviteServerTransaction, { clock, reliable }: RecordingHost, event: Event): void {
  if (event === 'request') transaction.receive();
  else if (event === '1xx') transaction.respond(response(100));
  else if (event === '200-699') transaction.respond(response(200));
  else if (event === 'transport error') transaction.fail(new TransportFailed('gone'));
  else if (event === 'timer 100') clock.advance(3_500);
  else if (event === 'expiry') clock.advance(28_500);
  else clock.advance(reliable ? 0 : 32_000);
}

describe.each([
  { transport: 'unreliable', reliable: false },
  { transport: 'reliable', reliable: true },
])('non-INVITE server transaction, $transport', ({ reliable }) => {
  // Over an unreliable transport it is too early for a 100 (RFC 4320 4.1).
  const present = arrows.filter(({ from, event }) => reliable || from !== 'trying' || event !== '1xx');

  it.each(present)('[RFC 3261 17.2.2] $from, $event: $to', ({ from, event, to, log }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    expect(transaction.state).toBe(from);
    host.takeLog();
    drive(transaction, host, event);
    expect(transaction.state).toBe(to);
    expect(host.takeLog()).toEqual(log);
    if (to === 'terminated') expect(host.clock.pending).toBe(0);
  });

  it.each(without(['request', 'transport error']))('[RFC 3261 17.2.2] $from absorbs $event', ({ from, event }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    host.takeLog();
    drive(transaction, host, event);
    expect(transaction.state).toBe(from);
    expect(host.takeLog()).toEqual([]);
  });

  it.each(without(['1xx', '200-699']))('[RFC 3261 17.2.2] $from refuses $event of its user', ({ from, event }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    expect(() => drive(transaction, host, event)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_RESPONSE_OUT_OF_TURN' }),
    );
  });
});

describe('non-INVITE server transaction', () => {
  it('[RFC 3261 17.2.2] has these arrows and no others', () => {
    const table = Object.entries(nonInviteServerTable.transitions).flatMap(([from, row]) =>
      Object.keys(row).map((event) => `${from}, ${event}`),
    );
    expect(arrows.map(({ from, event }) => `${from}, ${event}`).toSorted()).toEqual(table.toSorted());
  });

  it.each([
    { reliable: false, ms: 32_000 },
    { reliable: true, ms: 0 },
  ])('[RFC 3261 17.2.2] answers repetitions for $ms ms, reliable: $reliable', ({ reliable, ms }) => {
    const { host, transaction } = start(reliable);
    drive(transaction, host, '200-699');
    if (ms > 0) host.clock.advance(ms - 1);
    drive(transaction, host, 'request');
    expect(host.takeLog()).toEqual(['send 200', 'send 200']);
    host.clock.advance(1);
    expect(transaction.state).toBe('terminated');
    expect(host.clock.pending).toBe(0);
  });

  it.each(['1xx', '200-699'] as const)('[RFC 3261 17.2.4] drops %s of a user who did not see the flow go', (event) => {
    const { host, transaction } = start(true);
    drive(transaction, host, 'transport error');
    host.takeLog();
    expect(() => drive(transaction, host, event)).not.toThrow();
    expect(host.takeLog()).toEqual([]);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 4320 4.1] holds a 100 back over an unreliable transport until timer E of the client has come to T2', () => {
    const { host, transaction } = start(false);
    drive(transaction, host, '1xx');
    drive(transaction, host, 'request');
    host.clock.advance(3_499);
    expect([host.takeLog(), transaction.state]).toEqual([[], 'trying']);
    host.clock.advance(1);
    expect([host.takeLog(), transaction.state]).toEqual([['send 100'], 'proceeding']);
  });

  it.each([101, 180, 199])('[RFC 4320 4.1] refuses to send %i', (statusCode) => {
    const { host, transaction } = start(true);
    expect(() => transaction.respond(response(statusCode))).toThrow(TypeError);
    expect(host.takeLog()).toEqual([]);
  });

  it.each([
    { reliable: false, event: 'timer 100' },
    { reliable: true, event: 'timer 100' },
    { reliable: true, event: '1xx' },
  ] as const)('[RFC 4320 4.2] sends nothing 64*T1 after the request, reliable: $reliable, $event', (given) => {
    const { host, transaction } = start(given.reliable);
    drive(transaction, host, given.event);
    host.clock.advance(31_999 - host.clock.now());
    expect(transaction.state).toBe('proceeding');
    host.clock.advance(1);
    host.takeLog();
    drive(transaction, host, '200-699');
    expect([host.takeLog(), transaction.state, host.clock.pending]).toEqual([[], 'terminated', 0]);
  });

  it.each([true, false])('[RFC 4320 4.2] never sends 408, reliable: %s', (reliable) => {
    const { host, transaction } = start(reliable);
    transaction.respond(response(408));
    expect([host.takeLog(), transaction.state]).toEqual([[], 'trying']);
    host.clock.advance(32_000);
    expect([host.takeLog(), transaction.state, host.clock.pending]).toEqual([['send 100', 'forget'], 'terminated', 0]);
  });

  it('[RFC 4320 4.2] does not wait longer because the clock was set back', () => {
    const { host, transaction } = start(false);
    const now = host.clock.now.bind(host.clock);
    host.clock.now = () => now() - 3_600_000;
    host.clock.advance(3_500 + 32_000);
    expect([transaction.state, host.clock.pending]).toEqual(['terminated', 0]);
  });

  it('[RFC 3261 17.2.4] ends when the response cannot be sent', async () => {
    const { host, transaction } = start(false);
    host.isBroken = true;
    drive(transaction, host, '200-699');
    await host.clock.run(0);
    expect(transaction.state).toBe('terminated');
    expect(host.log).toEqual(['forget', 'inform transport error']);
    expect(host.clock.pending).toBe(0);
  });
});

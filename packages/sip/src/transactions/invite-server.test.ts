import { describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { createResponse } from '../messages/create-response.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';
import { RecordingHost } from '../testing/recording-host.ts';
import { type InviteServerState, InviteServerTransaction, inviteServerTable } from './invite-server.ts';

const invite: SipRequest = {
  method: 'INVITE',
  requestUri: 'sip:bob@biloxi.com',
  headers: Headers.of(
    ['Via', 'SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8'],
    ['From', '<sip:alice@atlanta.com>;tag=1928301774'],
    ['To', '<sip:bob@biloxi.com>'],
    ['Call-ID', 'a84b4c76e66710'],
    ['CSeq', '314159 INVITE'],
    ['Timestamp', '54'],
  ),
  body: noBody,
};
const ack = { ...invite, method: 'ACK' };
const response = (statusCode: number): SipResponse => createResponse(invite, statusCode, { toTag: 'b' });

type Timer = 'timer 100' | 'timer G' | 'timer H' | 'timer I' | 'timer L';
type Event = 'INVITE' | 'ACK' | '1xx' | '2xx' | '300-699' | 'transport error' | 'connection closed' | Timer;

const ways: Readonly<Record<InviteServerState, readonly Event[]>> = {
  proceeding: [],
  accepted: ['1xx', '2xx'],
  completed: ['300-699'],
  confirmed: ['300-699', 'ACK'],
  terminated: ['2xx', 'timer L'],
};

/** RFC 6026 7.1, one line an arrow. */
const arrows: readonly { from: InviteServerState; event: Event; to: InviteServerState; log: readonly string[] }[] = [
  // Nothing has been sent that could be repeated.
  { from: 'proceeding', event: 'INVITE', to: 'proceeding', log: [] },
  { from: 'proceeding', event: 'timer 100', to: 'proceeding', log: ['send 100'] },
  { from: 'proceeding', event: '1xx', to: 'proceeding', log: ['send 180'] },
  { from: 'proceeding', event: '2xx', to: 'accepted', log: ['send 200'] },
  { from: 'proceeding', event: '300-699', to: 'completed', log: ['send 486'] },
  { from: 'proceeding', event: 'transport error', to: 'proceeding', log: ['inform transport error'] },
  { from: 'accepted', event: '2xx', to: 'accepted', log: ['send 200'] },
  { from: 'accepted', event: 'timer L', to: 'terminated', log: ['forget'] },
  { from: 'accepted', event: 'transport error', to: 'accepted', log: ['inform transport error'] },
  { from: 'completed', event: 'INVITE', to: 'completed', log: ['send 486'] },
  { from: 'completed', event: 'ACK', to: 'confirmed', log: [] },
  { from: 'completed', event: 'timer G', to: 'completed', log: ['send 486'] },
  { from: 'completed', event: 'timer H', to: 'terminated', log: ['forget', 'inform timeout'] },
  { from: 'completed', event: 'transport error', to: 'completed', log: ['inform transport error'] },
  {
    from: 'completed',
    event: 'connection closed',
    to: 'terminated',
    log: ['inform transport error', 'forget'],
  },
  { from: 'confirmed', event: 'timer I', to: 'terminated', log: ['forget'] },
  { from: 'confirmed', event: 'connection closed', to: 'terminated', log: ['forget'] },
];
const outerEvents: readonly Event[] = ['INVITE', 'ACK', 'transport error'];
const states = Object.keys(ways) as readonly InviteServerState[];
const without = (events: readonly Event[]): readonly { from: InviteServerState; event: Event }[] =>
  states.flatMap((from) =>
    events
      .filter((event) => !arrows.some((arrow) => arrow.from === from && arrow.event === event))
      .map((event) => ({ from, event })),
  );

function start(reliable: boolean): { host: RecordingHost; transaction: InviteServerTransaction } {
  const host = new RecordingHost(reliable);
  return { host, transaction: new InviteServerTransaction(invite, host) };
}

function drive(transaction: InviteServerTransaction, { clock, reliable }: RecordingHost, event: Event): void {
  if (event === 'INVITE') transaction.receive(invite);
  else if (event === 'ACK') transaction.receive(ack);
  else if (event === '1xx') transaction.respond(response(180));
  else if (event === '2xx') transaction.respond(response(200));
  else if (event === '300-699') transaction.respond(response(486));
  else if (event === 'transport error') transaction.fail(new TransportFailed('gone'));
  else if (event === 'connection closed') transaction.close(new TransportFailed('gone'));
  else if (event === 'timer 100') clock.advance(200);
  else if (event === 'timer G') clock.advance(500);
  else if (event === 'timer I') clock.advance(reliable ? 0 : 5_000);
  else clock.advance(32_000);
}

describe.each([
  { transport: 'unreliable', reliable: false },
  { transport: 'reliable', reliable: true },
])('INVITE server transaction, $transport', ({ reliable }) => {
  it.each(arrows.filter(({ event }) => !(reliable && event === 'timer G')))(
    '[RFC 6026 7.1] $from, $event: $to',
    ({ from, event, to, log }) => {
      const { host, transaction } = start(reliable);
      for (const step of ways[from]) drive(transaction, host, step);
      expect(transaction.state).toBe(from);
      host.takeLog();
      drive(transaction, host, event);
      expect(transaction.state).toBe(to);
      const heard = host.takeLog();
      // Timer H comes when G has fired many times.
      expect(event === 'timer H' ? heard.filter((line) => line !== 'send 486') : heard).toEqual(log);
      if (to === 'terminated') expect(host.clock.pending).toBe(0);
    },
  );

  it.each(without(outerEvents))('[RFC 6026 7.1] $from absorbs $event', ({ from, event }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    host.takeLog();
    drive(transaction, host, event);
    expect(transaction.state).toBe(from);
    expect(host.takeLog()).toEqual([]);
  });

  it.each(without(['1xx', '2xx', '300-699']))(
    '[RFC 3261 17.2.1] $from refuses $event of its user',
    ({ from, event }) => {
      const { host, transaction } = start(reliable);
      for (const step of ways[from]) drive(transaction, host, step);
      const before = transaction.response;
      expect(() => drive(transaction, host, event)).toThrow(
        expect.objectContaining({
          code: 'ERR_SIP_RESPONSE_OUT_OF_TURN',
          message: `cannot send a ${event} response in state ${from}`,
        }),
      );
      expect(transaction.response).toBe(before);
    },
  );
});

describe('INVITE server transaction', () => {
  it('[RFC 6026 7.1] has these arrows and no others', () => {
    const table = Object.entries(inviteServerTable.transitions).flatMap(([from, row]) =>
      Object.keys(row).map((event) => `${from}, ${event}`),
    );
    expect(arrows.map(({ from, event }) => `${from}, ${event}`).toSorted()).toEqual(table.toSorted());
  });

  it('[RFC 3261 17.2.1] sends 100 after 200 ms, without To tag and with the Timestamp', () => {
    const { host } = start(false);
    host.clock.advance(199);
    expect(host.messages).toEqual([]);
    host.clock.advance(1);
    const [trying] = host.messages;
    expect(trying).toMatchObject({ statusCode: 100, reasonPhrase: 'Trying' });
    expect(trying?.headers.first('To')).toBe('<sip:bob@biloxi.com>');
    expect(trying?.headers.first('Timestamp')).toBe('54');
  });

  it('[RFC 3261 17.2.1] sends no 100, and nothing twice, where the user was faster', () => {
    const { host, transaction } = start(false);
    drive(transaction, host, '1xx');
    host.clock.advance(1_000);
    expect(host.takeLog()).toEqual(['send 180']);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.2.1] repeats the last provisional response for each INVITE', () => {
    const { host, transaction } = start(false);
    host.clock.advance(200);
    drive(transaction, host, 'INVITE');
    drive(transaction, host, '1xx');
    drive(transaction, host, 'INVITE');
    expect(host.takeLog()).toEqual(['send 100', 'send 100', 'send 180', 'send 180']);
  });

  it.each([
    { reliable: false, sentAt: [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500] },
    { reliable: true, sentAt: [0] },
  ])('[RFC 3261 17.2.1] repeats a refusal until ACK or timer H, reliable: $reliable', ({ reliable, sentAt }) => {
    const { host, transaction } = start(reliable);
    drive(transaction, host, '300-699');
    const heard: number[] = [];
    for (let ms = 0; ms < 40_000; ms += 100) {
      if (host.takeLog().includes('send 486')) heard.push(host.clock.now());
      host.clock.advance(100);
    }
    expect(heard).toEqual(sentAt);
    expect(host.events).toEqual([{ type: 'timeout' }]);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.2.1] repeats nothing after the ACK', () => {
    const { host, transaction } = start(false);
    drive(transaction, host, '300-699');
    drive(transaction, host, 'ACK');
    host.takeLog();
    drive(transaction, host, 'INVITE');
    host.clock.advance(4_999);
    expect(transaction.state).toBe('confirmed');
    host.clock.advance(1);
    expect(host.takeLog()).toEqual(['forget']);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 6026 7.1] stays 64*T1 after a 2xx, whatever the transport, and does not repeat it itself', () => {
    const { host, transaction } = start(true);
    drive(transaction, host, '2xx');
    host.clock.advance(31_999);
    expect(transaction.state).toBe('accepted');
    expect(host.takeLog()).toEqual(['send 200']);
    host.clock.advance(1);
    expect(transaction.state).toBe('terminated');
  });

  it('[RFC 6026 7.1] ends on its timers when sending fails, and tells the user each time', async () => {
    const { host, transaction } = start(true);
    host.isBroken = true;
    drive(transaction, host, '300-699');
    await host.clock.run(32_000);
    expect(transaction.state).toBe('terminated');
    expect(host.log).toEqual(['inform transport error', 'forget', 'inform timeout']);
    expect(host.clock.pending).toBe(0);
  });
});

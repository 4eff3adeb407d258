import { describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { createResponse } from '../messages/create-response.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { RecordingHost } from '../testing/recording-host.ts';
import {
  createNegativeAck,
  type InviteClientState,
  InviteClientTransaction,
  inviteClientTable,
} from './invite-client.ts';

const invite: SipRequest = {
  method: 'INVITE',
  requestUri: 'sip:bob@biloxi.com',
  headers: Headers.of(
    ['Via', 'SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8'],
    ['Max-Forwards', '70'],
    ['Route', '<sip:p1;lr>, <sip:p2;lr>'],
    ['From', '<sip:alice@atlanta.com>;tag=1928301774'],
    ['To', '<sip:bob@biloxi.com>'],
    ['Call-ID', 'a84b4c76e66710'],
    ['CSeq', '314159 \tINVITE'],
  ),
  body: noBody,
};

type Timer = 'timer A' | 'timer B' | 'timer D' | 'timer M' | 'timer CANCEL';
type Event = '1xx' | '2xx' | '300-699' | 'CANCEL' | Timer | 'transport error';

/** Also records that the CANCEL goes out. */
class InviteHost extends RecordingHost {
  sendCancel(): void {
    this.log.push('send CANCEL');
  }
}

/** The events that lead from the start to a state. */
const ways: Readonly<Record<InviteClientState, readonly Event[]>> = {
  calling: [],
  proceeding: ['1xx'],
  accepted: ['1xx', '2xx'],
  completed: ['300-699'],
  terminated: ['transport error'],
};

/** RFC 6026 8.4 (figure of 7.2), one line an arrow. */
const arrows: readonly { from: InviteClientState; event: Event; to: InviteClientState; log: readonly string[] }[] = [
  { from: 'calling', event: 'timer A', to: 'calling', log: ['send INVITE'] },
  { from: 'calling', event: 'timer B', to: 'terminated', log: ['forget', 'inform timeout'] },
  { from: 'calling', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'calling', event: '1xx', to: 'proceeding', log: ['inform 180'] },
  { from: 'calling', event: '2xx', to: 'accepted', log: ['inform 200'] },
  { from: 'calling', event: '300-699', to: 'completed', log: ['send ACK', 'inform 486'] },
  { from: 'calling', event: 'CANCEL', to: 'calling', log: [] },
  { from: 'proceeding', event: 'CANCEL', to: 'proceeding', log: ['send CANCEL'] },
  {
    from: 'proceeding',
    event: 'timer CANCEL',
    to: 'terminated',
    log: ['send CANCEL', 'forget', 'inform timeout'],
  },
  { from: 'proceeding', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
  { from: 'proceeding', event: '1xx', to: 'proceeding', log: ['inform 180'] },
  { from: 'proceeding', event: '2xx', to: 'accepted', log: ['inform 200'] },
  { from: 'proceeding', event: '300-699', to: 'completed', log: ['send ACK', 'inform 486'] },
  { from: 'accepted', event: '2xx', to: 'accepted', log: ['inform 200'] },
  { from: 'accepted', event: 'timer M', to: 'terminated', log: ['forget'] },
  { from: 'completed', event: '300-699', to: 'completed', log: ['send ACK'] },
  { from: 'completed', event: 'timer D', to: 'terminated', log: ['forget'] },
  { from: 'completed', event: 'transport error', to: 'terminated', log: ['forget', 'inform transport error'] },
];
const states = Object.keys(ways) as readonly InviteClientState[];
const outerEvents: readonly Event[] = ['1xx', '2xx', '300-699', 'CANCEL', 'transport error'];
const silent = states.flatMap((from) =>
  outerEvents
    .filter((event) => !arrows.some((arrow) => arrow.from === from && arrow.event === event))
    .map((event) => ({ from, event })),
);

function start(reliable: boolean): { host: InviteHost; transaction: InviteClientTransaction } {
  const host = new InviteHost(reliable);
  return { host, transaction: new InviteClientTransaction(invite, host) };
}

function drive(transaction: InviteClientTransaction, { clock, reliable }: RecordingHost, event: Event): void {
  const respond = (statusCode: number): void => transaction.receive(createResponse(invite, statusCode, { toTag: 'b' }));
  if (event === '1xx') respond(180);
  else if (event === '2xx') respond(200);
  else if (event === '300-699') respond(486);
  else if (event === 'transport error') transaction.fail(new TransportFailed('gone'));
  else if (event === 'CANCEL') transaction.cancel();
  else if (event === 'timer CANCEL') {
    transaction.cancel();
    clock.advance(32_000);
  } else if (event === 'timer A') clock.advance(500);
  else clock.advance(event === 'timer D' && reliable ? 0 : 32_000);
}

describe.each([
  { transport: 'unreliable', reliable: false },
  { transport: 'reliable', reliable: true },
])('INVITE client transaction, $transport', ({ reliable }) => {
  it.each(arrows.filter(({ event }) => !(reliable && event === 'timer A')))(
    '[RFC 6026 7.2] $from, $event: $to',
    ({ from, event, to, log }) => {
      const { host, transaction } = start(reliable);
      for (const step of ways[from]) drive(transaction, host, step);
      expect(transaction.state).toBe(from);
      host.takeLog();
      drive(transaction, host, event);
      expect(transaction.state).toBe(to);
      const heard = host.takeLog();
      // Timer B comes when A has fired many times.
      expect(event === 'timer B' ? heard.filter((line) => line !== 'send INVITE') : heard).toEqual(log);
      if (to === 'terminated') expect(host.clock.pending).toBe(0);
    },
  );

  it.each(silent)('[RFC 6026 7.2] $from absorbs $event', ({ from, event }) => {
    const { host, transaction } = start(reliable);
    for (const step of ways[from]) drive(transaction, host, step);
    host.takeLog();
    drive(transaction, host, event);
    expect(transaction.state).toBe(from);
    expect(host.takeLog()).toEqual([]);
  });
});

describe('INVITE client transaction', () => {
  it('[RFC 6026 7.2] has these arrows and no others', () => {
    const table = Object.entries(inviteClientTable.transitions).flatMap(([from, row]) =>
      Object.keys(row).map((event) => `${from}, ${event}`),
    );
    expect(arrows.map(({ from, event }) => `${from}, ${event}`).toSorted()).toEqual(table.toSorted());
  });

  it('[RFC 3261 17.1.1.2] repeats the INVITE at doubling intervals until timer B', () => {
    const { host } = start(false);
    const sentAt: number[] = [];
    for (let ms = 0; ms < 40_000; ms += 100) {
      if (host.takeLog().includes('send INVITE')) sentAt.push(host.clock.now());
      host.clock.advance(100);
    }
    expect(sentAt).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(host.events).toEqual([{ type: 'timeout' }]);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.1.1.2] sends once over a reliable transport and waits 64*T1', () => {
    const { host } = start(true);
    host.clock.advance(31_999);
    expect(host.takeLog()).toEqual(['send INVITE']);
    host.clock.advance(1);
    expect(host.takeLog()).toEqual(['forget', 'inform timeout']);
  });

  it('[RFC 3261 17.1.1.2] waits without end after a provisional response', () => {
    const { host, transaction } = start(false);
    drive(transaction, host, '1xx');
    expect(host.clock.pending).toBe(0);
    host.clock.advance(600_000);
    expect(transaction.state).toBe('proceeding');
  });

  it.each([
    { reliable: false, event: '300-699', ms: 32_000 },
    { reliable: true, event: '300-699', ms: 0 },
    { reliable: false, event: '2xx', ms: 32_000 },
    { reliable: true, event: '2xx', ms: 32_000 },
  ] as const)('[RFC 6026 7.2] lives $ms ms after $event, reliable: $reliable', ({ reliable, event, ms }) => {
    const { host, transaction } = start(reliable);
    drive(transaction, host, event);
    if (ms > 0) host.clock.advance(ms - 1);
    expect(transaction.state).not.toBe('terminated');
    host.clock.advance(1);
    expect(transaction.state).toBe('terminated');
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.1.4] tells its user that the first sending failed', async () => {
    const host = new InviteHost(false);
    host.isBroken = true;
    const transaction = new InviteClientTransaction(invite, host);
    await host.clock.run(0);
    expect(transaction.state).toBe('terminated');
    expect(host.events).toEqual([
      { type: 'transport error', error: expect.objectContaining({ code: 'ERR_SIP_TRANSPORT_FAILED' }) },
    ]);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.1.1.2] starts no timer when its user ends the flow on hearing of the response', () => {
    const { host, transaction } = start(false);
    host.inform = () => transaction.fail(new TransportFailed('closed by the user'));
    drive(transaction, host, '300-699');
    expect(transaction.state).toBe('terminated');
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 9.1] holds its CANCEL back until a provisional response comes, then sends it once', () => {
    const { host, transaction } = start(true);
    for (const event of ['CANCEL', 'CANCEL'] as const) drive(transaction, host, event);
    expect(host.takeLog()).toEqual(['send INVITE']);
    for (const event of ['1xx', 'CANCEL', '1xx'] as const) drive(transaction, host, event);
    expect(host.takeLog()).toEqual(['inform 180', 'send CANCEL', 'inform 180']);
  });

  it('[RFC 3261 9.1] waits 64*T1 after its CANCEL, whatever provisional responses come, and no longer', () => {
    const { host, transaction } = start(false);
    for (const event of ['1xx', 'CANCEL'] as const) drive(transaction, host, event);
    host.clock.advance(31_000);
    drive(transaction, host, '1xx');
    host.clock.advance(999);
    expect(transaction.state).toBe('proceeding');
    host.clock.advance(1);
    expect(transaction.state).toBe('terminated');
    expect(host.events.at(-1)).toEqual({ type: 'timeout' });
    expect(host.clock.pending).toBe(0);
  });

  it.each(['2xx', '300-699'] as const)('[RFC 3261 9.1] %s ends the wait that the CANCEL began', (event) => {
    const { host, transaction } = start(false);
    for (const step of ['1xx', 'CANCEL', event] as const) drive(transaction, host, step);
    host.takeLog();
    host.clock.advance(100_000);
    expect(host.takeLog()).toEqual(['forget']);
    expect(host.clock.pending).toBe(0);
  });

  it.each(['2xx', '300-699'] as const)('[RFC 3261 9.1] sends no CANCEL when %s was faster', (event) => {
    const { host, transaction } = start(false);
    for (const step of ['CANCEL', event, 'CANCEL'] as const) drive(transaction, host, step);
    expect(host.takeLog()).not.toContain('send CANCEL');
  });

  it('[RFC 3261 9.1] a CANCEL that never may go leaves it to timer B', () => {
    const { host, transaction } = start(true);
    drive(transaction, host, 'CANCEL');
    host.clock.advance(32_000);
    expect(host.takeLog()).toEqual(['send INVITE', 'forget', 'inform timeout']);
    expect(host.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.1.1.3] acknowledges with the branch, Route, From, Call-ID and number of the INVITE, To of the response', () => {
    const ack = createNegativeAck(invite, createResponse(invite, 404, { toTag: 'x' }));
    expect(ack).toMatchObject({ method: 'ACK', requestUri: invite.requestUri, body: noBody });
    expect(ack.headers.toString()).toBe(
      [
        'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8',
        'Max-Forwards: 70',
        'Route: <sip:p1;lr>',
        'Route: <sip:p2;lr>',
        'From: <sip:alice@atlanta.com>;tag=1928301774',
        'To: <sip:bob@biloxi.com>;tag=x',
        'Call-ID: a84b4c76e66710',
        'CSeq: 314159 ACK',
        '',
      ].join('\r\n'),
    );
  });

  it('[RFC 3261 17.1.1.3] puts only the topmost Via in the ACK', () => {
    const forwarded = { ...invite, headers: invite.headers.prepend('Via', 'SIP/2.0/TCP p;branch=z9hG4bK0') };
    const ack = createNegativeAck(forwarded, createResponse(forwarded, 404));
    expect(ack.headers.all('Via')).toEqual(['SIP/2.0/TCP p;branch=z9hG4bK0']);
  });
});

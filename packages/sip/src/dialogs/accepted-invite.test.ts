import { describe, expect, it } from 'vitest';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { MemoryFlow } from '../testing/memory-flow.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { type ServerTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import { AcceptedInvite } from './accepted-invite.ts';
import { createUacDialog } from './create-dialog.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly flow: MemoryFlow;
  readonly transaction: ServerTransaction<MemoryFlow>;
  readonly layer: TransactionLayer<MemoryFlow>;
  readonly heard: string[];
  accept(response?: SipResponse): AcceptedInvite<MemoryFlow>;
}

/** Bob's layer with Alice's INVITE in it. */
function createScene(transport: string): Scene {
  const clock = new VirtualClock();
  const [flow] = MemoryFlow.pair({ clock, transport, sentBy: 'bob' }, 'p2.example');
  const heard: string[] = [];
  const transactions: ServerTransaction<MemoryFlow>[] = [];
  const layer = new TransactionLayer<MemoryFlow>({
    clock,
    createToken: () => 'token',
    user: {
      onRequest: (arrived) => transactions.push(arrived),
      onAck: () => heard.push('stray ack'),
      onStrayResponse: () => heard.push('stray response'),
      onServerEvent: (_, { type }) => heard.push(type),
    },
  });
  layer.receive(invitation, flow);
  const [transaction] = transactions;
  if (transaction === undefined) throw new TypeError('expected a transaction');
  const accept = (response = answer(200)): AcceptedInvite<MemoryFlow> =>
    new AcceptedInvite({
      clock,
      transaction,
      response,
      onAck: (ack) => heard.push(`ack ${ack.body.length}`),
      onTimeout: () => heard.push('no ack'),
    });
  return { clock, flow, transaction, layer, heard, accept };
}

const createAck = (cseq = 314_159): SipRequest => {
  const ack = createUacDialog(invitation, answer(200)).createAck(invitation);
  return { ...ack, headers: ack.headers.set('CSeq', `${cseq} ACK`), body: Uint8Array.of(1, 2) };
};

describe.each(['UDP', 'TLS'])('AcceptedInvite over %s', (transport) => {
  it('[RFC 3261 13.3.1.4] repeats the 2xx at T1, doubling up to T2, and gives up after 64*T1', () => {
    const { clock, flow, layer, heard, accept } = createScene(transport);
    const accepted = accept();
    const sentAt: number[] = [];
    for (let ms = 0, seen = 0; ms <= 40_000; ms += 100, clock.advance(100)) {
      if (flow.sent.length > seen) sentAt.push(clock.now());
      seen = flow.sent.length;
    }
    expect(sentAt).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect([heard, accepted.isWaiting, layer.size, clock.pending]).toEqual([['no ack'], false, 0, 0]);
  });

  it('[RFC 3261 13.3.1.4] stops at the ACK and tells of it once', () => {
    const { clock, flow, heard, accept } = createScene(transport);
    const accepted = accept();
    clock.advance(1_000);
    expect(accepted.receiveAck(createAck())).toBe(true);
    expect(accepted.receiveAck(createAck())).toBe(true);
    clock.advance(40_000);
    expect([heard, flow.sent.length, accepted.isWaiting, clock.pending]).toEqual([['ack 2'], 2, false, 0]);
  });

  it('[RFC 3261 13.3.1.4] takes no ACK with another number', () => {
    const { heard, accept } = createScene(transport);
    const accepted = accept();
    expect(accepted.receiveAck(createAck(314_160))).toBe(false);
    expect([heard, accepted.isWaiting]).toEqual([[], true]);
  });

  it('[RFC 3261 15.1.2] stops when the call is over', () => {
    const { clock, flow, heard, accept } = createScene(transport);
    const accepted = accept();
    accepted.stop();
    accepted.stop();
    clock.advance(40_000);
    expect([heard, flow.sent.length, clock.pending]).toEqual([[], 1, 0]);
  });

  it('[RFC 3261 17.2.1] cannot accept what was refused', () => {
    const { clock, transaction, accept } = createScene(transport);
    transaction.respond(answer(486));
    const pending = clock.pending;
    expect(() => accept()).toThrow(expect.objectContaining({ code: 'ERR_SIP_RESPONSE_OUT_OF_TURN' }));
    expect(clock.pending).toBe(pending);
  });

  it('[RFC 6026 7.1] gives up in its time when nothing can be sent any more', async () => {
    const { clock, flow, layer, heard, accept } = createScene(transport);
    flow.close();
    accept();
    await clock.run(40_000);
    expect(heard.filter((event) => event === 'no ack')).toHaveLength(1);
    expect([layer.size, clock.pending]).toEqual([0, 0]);
  });
});

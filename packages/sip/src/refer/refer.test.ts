import { beforeEach, describe, expect, it } from 'vitest';
import { createUacDialog, createUasDialog } from '../dialogs/create-dialog.ts';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import type { Headers } from '../headers/headers.ts';
import { parseReferredBy } from '../headers/referred-by.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { ElementPair, outlineOf } from '../usages/testing/element-pair.ts';
import { createRefer, type OutOfDialogReferFields, referHeaders } from './create-refer.ts';
import type { IncomingRefer } from './incoming-refer.ts';
import { matchReplaces, replacesOf } from './match-replaces.ts';
import { ReferReceiver, type ReferReceiverOptions } from './refer-receiver.ts';
import { formatReferTarget } from './refer-target.ts';
import { Referral, type ReferralEnd, type ReferralOptions } from './referral.ts';

let pair: ElementPair;
let receiver: ReferReceiver;
let asked: IncomingRefer[];
let told: string[];
let ends: ReferralEnd[];
beforeEach(() => {
  pair = new ElementPair();
  asked = [];
  told = [];
  ends = [];
  receiver = createReceiver();
  pair.bob.receive = (transaction) => receiver.receive(transaction);
});

function createReceiver(change: Partial<ReferReceiverOptions> = {}): ReferReceiver {
  const { clock, bob } = pair;
  return new ReferReceiver({
    clock,
    createToken: bob.createToken,
    contact: '<sip:bob@bob.example>',
    createSender: () => bob.send,
    onRefer: (refer) => asked.push(refer),
    ...change,
  });
}

const fields: OutOfDialogReferFields = {
  target: 'sip:bob@bob.example',
  from: 'sip:alice@alice.example',
  fromTag: 'a',
  callId: 'call',
  contact: '<sip:alice@alice.example>',
  referTo: 'sip:carol@carol.example',
  referredBy: undefined,
  targetDialog: undefined,
  subscribes: true,
};

function refer(change: Partial<OutOfDialogReferFields> = {}, more: Partial<ReferralOptions> = {}): Referral {
  const { clock, alice } = pair;
  const referral = new Referral({
    clock,
    send: alice.send,
    request: createRefer({ ...fields, ...change }),
    contact: '<sip:alice@alice.example>',
    onProgress: ({ statusCode, reasonPhrase }) => told.push(`${statusCode} ${reasonPhrase}`),
    onEnd: (end) => ends.push(end),
    ...more,
  });
  alice.receive = (transaction) => referral.receive(transaction);
  return referral;
}

describe('a REFER', () => {
  it('[RFC 3515 2.4] is accepted, and its fate is told', async () => {
    refer();
    await pair.clock.run(10);
    expect([asked[0]?.asked.target.uri, pair.bob.flow.sent.length]).toEqual(['sip:carol@carol.example', 0]);
    asked[0]?.accept();
    await pair.clock.run(10);
    asked[0]?.report(180);
    await pair.clock.run(10);
    asked[0]?.report(200, 'Hello');
    await pair.clock.run(10);
    expect(told).toEqual(['100 Trying', '180 Ringing', '200 Hello']);
    expect(ends).toEqual([{ type: 'done', status: { statusCode: 200, reasonPhrase: 'Hello' } }]);
    expect(outlineOf(pair.bob.flow.sent, 'Subscription-State')).toEqual([
      '202',
      'NOTIFY active;expires=180',
      'NOTIFY active;expires=180',
      'NOTIFY terminated;reason=noresource',
    ]);
    const [notify] = pair.bob.requests;
    expect([notify?.headers.first('Event'), notify?.headers.first('Content-Type')]).toEqual([
      'refer',
      'message/sipfrag;version=2.0',
    ]);
    await pair.clock.run(64_000);
    expect([pair.clock.pending, receiver.size]).toEqual([0, 0]);
  });

  it('[RFC 3515 2.4.2] is declined, and nothing follows', async () => {
    refer();
    await pair.clock.run(10);
    asked[0]?.decline();
    asked[0]?.accept();
    await pair.clock.run(64_000);
    expect(ends).toEqual([{ type: 'refused', response: expect.objectContaining({ statusCode: 603 }) }]);
    expect([outlineOf(pair.bob.flow.sent, 'x'), receiver.size, pair.clock.pending]).toEqual([['603'], 0, 0]);
  });

  it('[RFC 4320 4.2] is declined before the asker gives up, where the user says nothing', async () => {
    refer();
    await pair.clock.run(20_100);
    expect([ends.map(({ type }) => type), receiver.size]).toEqual([['refused'], 0]);
  });

  it('[RFC 4488 4] makes no subscription with Refer-Sub: false', async () => {
    refer({ subscribes: false });
    await pair.clock.run(10);
    asked[0]?.accept();
    asked[0]?.report(180);
    asked[0]?.report(200);
    await pair.clock.run(64_000);
    expect([outlineOf(pair.bob.flow.sent, 'Refer-Sub'), told]).toEqual([['200 false'], []]);
    expect(ends).toEqual([{ type: 'accepted', response: expect.objectContaining({ statusCode: 200 }) }]);
    expect([pair.clock.pending, receiver.size]).toEqual([0, 0]);
  });

  it.each([
    { clause: 'RFC 4488 4', change: { subscribes: false }, reporting: 'Refer-Sub: false', answer: '200 false' },
    { clause: 'RFC 7614 4', change: { headers: [['Require', 'nosub']] as const }, reporting: 'nosub', answer: '200' },
  ])(
    '[$clause] is over once accepted with $reporting: nobody waits for a report',
    async ({ change, reporting, answer }) => {
      refer(change);
      await pair.clock.run(10);
      asked[0]?.accept();
      expect([asked[0]?.asked.reporting, asked[0]?.state, receiver.size]).toEqual([reporting, 'ended', 0]);
      await pair.clock.run(64_000);
      expect([outlineOf(pair.bob.flow.sent, 'Refer-Sub'), pair.clock.pending]).toEqual([[answer], 0]);
    },
  );

  it('[RFC 3515 2.4.4] ends for the asker when it no longer wants to hear', async () => {
    const referral = refer();
    await pair.clock.run(10);
    asked[0]?.accept();
    await pair.clock.run(10);
    referral.unsubscribe();
    await pair.clock.run(10);
    expect(ends).toEqual([{ type: 'unknown', end: expect.objectContaining({ type: 'notified', reason: 'timeout' }) }]);
    expect([asked[0]?.state, receiver.size]).toEqual(['ended', 0]);
    asked[0]?.report(200);
    await pair.clock.run(64_000);
    expect([pair.clock.pending, pair.bob.requests.length]).toEqual([0, 2]);
  });

  it('[RFC 3515 2.4.4] ends at both ends when its time is over', async () => {
    receiver = createReceiver({ expiresSeconds: 60 });
    refer();
    await pair.clock.run(10);
    asked[0]?.accept();
    await pair.clock.run(100_000);
    expect([ends.map(({ type }) => type), receiver.size, pair.clock.pending]).toEqual([['unknown'], 0, 0]);
  });

  it('[RFC 3420 2] is told nothing by bodies that cannot be read', async () => {
    refer();
    await pair.clock.run(10);
    asked[0]?.accept();
    await pair.clock.run(10);
    const dialog = asked[0]?.subscription?.dialog;
    for (const [type, text] of [
      ['text/plain', 'SIP/2.0 200 OK\r\n'],
      ['message/sipfrag', 'x'],
    ] as const) {
      const headers = [
        ['Contact', '<sip:bob@bob.example>'],
        ['Event', 'refer'],
        ['Subscription-State', 'active'],
        ['Content-Type', type],
      ] as const;
      const notify = dialog?.createRequest('NOTIFY', { headers, body: encodeUtf8(text) });
      if (notify !== undefined) pair.bob.send(notify, () => {});
      await pair.clock.run(10);
    }
    expect([told, pair.alice.responses.at(-1)?.statusCode]).toEqual([['100 Trying'], 200]);
  });

  it.each([
    { fault: 'no Refer-To', change: (headers: Headers) => headers.without('Refer-To'), code: 400 },
    { fault: 'two Refer-To', change: (headers: Headers) => headers.with('Refer-To', '<sip:x@y>'), code: 400 },
    { fault: 'no Contact', change: (headers: Headers) => headers.without('Contact'), code: 400 },
    { fault: 'a broken Referred-By', change: (headers: Headers) => headers.with('Referred-By', ';'), code: 400 },
    { fault: 'a broken Refer-Sub', change: (headers: Headers) => headers.with('Refer-Sub', 'maybe'), code: 400 },
    { fault: 'a broken Target-Dialog', change: (headers: Headers) => headers.with('Target-Dialog', 'x'), code: 400 },
    { fault: 'a Via in the URI', change: (headers: Headers) => headers.set('Refer-To', '<sip:a@b?Via=x>'), code: 403 },
    { fault: 'explicitsub', change: (headers: Headers) => headers.with('Require', 'explicitsub'), code: 420 },
    {
      fault: 'a dialog that is not here',
      change: (headers: Headers) => headers.set('To', '<sip:b@c>;tag=x'),
      code: 481,
    },
  ])('[RFC 3515 2.4.2] is refused for $fault with $code, unasked', async ({ change, code }) => {
    const request = createRefer(fields);
    pair.alice.send({ ...request, headers: change(request.headers) }, () => {});
    await pair.clock.run(10);
    expect([pair.bob.responses.map(({ statusCode }) => statusCode), asked, receiver.size]).toEqual([[code], [], 0]);
  });

  it('[RFC 3261 21.5.4] is bounded', async () => {
    receiver = createReceiver({ maxRefers: 0 });
    refer();
    await pair.clock.run(10);
    expect(outlineOf(pair.bob.responses, 'Retry-After')).toEqual(['503 30']);
  });

  it('[RFC 3515 2.4] leaves other methods to others', async () => {
    const request = createRefer(fields);
    for (const method of ['MESSAGE', 'SUBSCRIBE']) {
      const headers = request.headers.set('CSeq', `1 ${method}`).with('Event', 'refer');
      pair.alice.send({ ...request, method, headers }, () => {});
    }
    await pair.clock.run(10);
    expect(pair.bob.responses.map(({ statusCode }) => statusCode)).toEqual([481, 481]);
  });
});

describe('inside a dialog', () => {
  it('[RFC 3515 2.4.6] is named by its CSeq number', async () => {
    const alice = createUacDialog(invitation, answer(200));
    const bob = createUasDialog(invitation, answer(200));
    const request = alice.createRequest('REFER', { headers: referHeaders(fields) });
    const referral = refer({}, { request, dialog: alice });
    pair.alice.receive = (transaction) => {
      alice.receiveRequest(transaction.request);
      return referral.receive(transaction);
    };
    pair.bob.receive = (transaction) => {
      bob.receiveRequest(transaction.request);
      return receiver.receive(transaction, bob);
    };
    await pair.clock.run(10);
    asked[0]?.accept();
    await pair.clock.run(10);
    asked[0]?.report(486);
    await pair.clock.run(10);
    expect(outlineOf(pair.bob.requests, 'Event')).toEqual(['NOTIFY refer;id=314160', 'NOTIFY refer;id=314160']);
    expect([told, ends.length]).toEqual([['100 Trying', '486 Busy Here'], 1]);
    expect([alice.state, bob.state]).toEqual(['confirmed', 'confirmed']);
    await pair.clock.run(64_000);
    expect(pair.clock.pending).toBe(0);
  });
});

describe('attended transfer', () => {
  it('[RFC 5589 7.3] brings Bob to Carol in the place of Alice', async () => {
    const atAlice = createUacDialog(invitation, answer(200, 'carol', '<sip:carol@carol.example;gr=c>'));
    const atCarol = createUasDialog(invitation, answer(200, 'carol'));
    const referredBy = parseReferredBy('<sip:alice@alice.example>');
    refer({ referTo: formatReferTarget(atAlice.remoteTarget, replacesOf(atAlice)), referredBy });
    await pair.clock.run(10);
    const [incoming] = asked;
    expect(incoming?.referredHeaders).toEqual([
      ['Replaces', 'a84b4c76e66710;to-tag=carol;from-tag=alice'],
      ['Require', 'replaces'],
      ['Referred-By', '<sip:alice@alice.example>'],
    ]);
    incoming?.accept();
    const replaces = incoming?.asked.target.replaces;
    if (replaces === undefined) throw new TypeError('expected Replaces');
    const outcome = matchReplaces(replaces, (id) =>
      id.localTag === 'carol' && id.remoteTag === 'alice' ? atCarol : undefined,
    );
    expect(outcome).toEqual({ type: 'replace', dialog: atCarol, endBy: 'BYE' });
    incoming?.report(200);
    await pair.clock.run(10);
    expect(ends).toEqual([{ type: 'done', status: { statusCode: 200, reasonPhrase: 'OK' } }]);
    expect(pair.bob.requests.filter(isRequest).map(({ body }) => decodeUtf8(body))).toEqual([
      'SIP/2.0 100 Trying\r\n',
      'SIP/2.0 200 OK\r\n',
    ]);
  });

  it('[RFC 4538 4] names the dialog that it is about', async () => {
    refer({ targetDialog: { callId: 'x', localTag: '1', remoteTag: '2', params: new Map() } });
    await pair.clock.run(10);
    expect(asked[0]?.asked.targetDialog).toMatchObject({ callId: 'x', localTag: '1', remoteTag: '2' });
    expect(pair.alice.requests[0]?.headers.first('Supported')).toBe('tdialog');
  });
});

it('[RFC 3515 2.4.4] waits in vain for a NOTIFY', async () => {
  pair.bob.receive = (transaction) => {
    transaction.respond(createResponse(transaction.request, 202, { toTag: 'x' }));
    return true;
  };
  refer();
  await pair.clock.run(32_100);
  expect([ends, pair.clock.pending]).toEqual([[{ type: 'unknown', end: { type: 'no notify' } }], 0]);
});

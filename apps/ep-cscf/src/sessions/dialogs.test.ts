import { Headers, noBody, type SipRequest, type SipResponse } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

type Pair = readonly [name: string, value: string];

let edge: Edge;
let alice: WicClient;
let bob: WicClient;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;
let number = 0;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  edge.core.answer = (request) => edge.core.answerWell(request);
  alice = await edge.register('alice');
  bob = await edge.register('bob');
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await alice.close();
  await bob.close();
});
afterAll(() => edge.stop());

/** The Path that the core got with the last REGISTER of a user. */
function pathOf(name: string): string {
  const find = ({ method, headers }: SipRequest): boolean =>
    method === 'REGISTER' && headers.first('To')?.includes(name) === true;
  return edge.core.requests.findLast(find)?.headers.first('Path') ?? '';
}

/** A request of the core in a dialog, or outside where To has no tag. */
function fromCore(method: string, parts: { from: string; to: string; callId: string; route: string }): SipRequest {
  number += 1;
  const headers = Headers.of(
    ['Max-Forwards', '60'],
    ['From', parts.from],
    ['To', parts.to],
    ['Call-ID', parts.callId],
    ['CSeq', `${number} ${method}`],
    ['Route', parts.route],
  );
  return { method, requestUri: 'sip:wic@wic.invalid;transport=ws', headers, body: noBody };
}

/** Alice has called somebody in the core: tags `alice` and `core`. */
async function aliceCalls(): Promise<{ record: string; callId: string }> {
  const { headers } = await alice.request('INVITE', { requestUri: 'sip:somebody@ims.example' });
  return { record: headers.first('Record-Route') ?? '', callId: headers.first('Call-ID') ?? '' };
}

/** Somebody in the core has called bob: tags `a` and `bob`. */
async function bobIsCalled(): Promise<{ record: string; callId: string }> {
  number += 1;
  const parts = { from: '<sip:alice@ims.example>;tag=a', to: '<sip:bob@ims.example>', route: pathOf('bob') };
  const final = edge.core.send(fromCore('INVITE', { ...parts, callId: `called-${number}` }));
  const got = await bob.nextRequest('INVITE');
  bob.respond(got, 200);
  const { headers } = await final;
  return { record: headers.first('Record-Route') ?? '', callId: headers.first('Call-ID') ?? '' };
}

describe('a request of a WIC inside a dialog', () => {
  const bobsBye = (record: string, changes: readonly Pair[]): Promise<SipResponse> => {
    const good: readonly Pair[] = [
      ['From', '<sip:bob@ims.example>;tag=bob'],
      ['To', '<sip:alice@ims.example>;tag=a'],
      ['Route', `${record}, ${edge.core.sCscf}`],
    ];
    const replaced = new Set(changes.map(([name]) => name));
    return bob.request('BYE', { headers: [...good.filter(([name]) => !replaced.has(name)), ...changes] });
  };

  it('[RFC 5626 5.1] passes for who was called, as for who called', async () => {
    const { record, callId } = await bobIsCalled();
    expect((await bobsBye(record, [['Call-ID', callId]])).statusCode).toBe(200);
  });

  it.each([
    ['another Call-ID', [['Call-ID', 'invented']], 403],
    ['another tag of the caller', [['To', '<sip:alice@ims.example>;tag=b']], 403],
    [
      'the tags the wrong way round',
      [
        ['From', '<sip:bob@ims.example>;tag=a'],
        ['To', '<sip:alice@ims.example>;tag=bob'],
      ],
      403,
    ],
    ['an empty tag', [['To', '<sip:alice@ims.example>;tag']], 400],
    ['no To tag', [['To', '<sip:alice@ims.example>']], 403],
  ] as const)('[RFC 5626 5.1] is refused to who was called with %s', async (_fault, changes, statusCode) => {
    const { record, callId } = await bobIsCalled();
    const before = edge.core.requests.length;
    const all: readonly Pair[] = [['Call-ID', callId], ...changes];
    const last = all.filter(([name], at) => all.findLastIndex((pair) => pair[0] === name) === at);
    expect((await bobsBye(record, last)).statusCode).toBe(statusCode);
    expect(edge.core.requests).toHaveLength(before);
  });

  it.each([
    ['another Call-ID', [['Call-ID', 'invented']]],
    ['another tag of its own', [['From', '<sip:alice@ims.example>;tag=other']]],
    ['a From that is somebody else', [['From', '<sip:carol@ims.example>;tag=carol']]],
  ] as const)('[RFC 5626 5.1] is refused to who called with %s', async (_fault, changes) => {
    const { record, callId } = await aliceCalls();
    const before = edge.core.requests.length;
    const replaced = new Set<string>(changes.map(([name]) => name));
    const headers: readonly Pair[] = [
      ['To', '<sip:somebody@ims.example>;tag=core'],
      ['Route', `${record}, ${edge.core.sCscf}`],
      ...(replaced.has('Call-ID') ? [] : [['Call-ID', callId] as const]),
      ...changes,
    ];
    expect((await alice.request('INFO', { headers })).statusCode).toBe(403);
    expect(edge.core.requests).toHaveLength(before);
  });

  it.each(['INVITE', 'MESSAGE', 'BYE', 'REFER'])(
    '[TS 24.229 5.2.6.3] that only pretends to be in one, along its own Path, is refused: %s',
    async (method) => {
      const before = edge.core.requests.length;
      const headers = [
        ['From', '"The bank" <sip:bank@ims.example>;tag=1'],
        ['To', '<sip:bob@ims.example>;tag=invented'],
        ['Route', `${pathOf('alice')}, ${edge.core.sCscf}, ${pathOf('bob')}`],
      ] as const;
      expect((await alice.request(method, { headers })).statusCode).toBe(403);
      expect(edge.core.requests).toHaveLength(before);
      expect(bob.requests).toEqual([]);
    },
  );

  it('[RFC 3261 17.1.1.3] an ACK without To tag goes nowhere', async () => {
    const before = edge.core.requests.length;
    alice.send(alice.create('ACK'));
    expect(await edge.tryService(alice)).toBe(200);
    expect(edge.core.requests.slice(before).map(({ method }) => method)).toEqual(['MESSAGE']);
  });
});

describe('a request of the core inside a dialog', () => {
  const toAlice = { from: '<sip:somebody@ims.example>;tag=core', to: '<sip:alice@ims.example>;tag=alice' };
  const toBob = { from: '<sip:alice@ims.example>;tag=a', to: '<sip:bob@ims.example>;tag=bob' };

  it('[RFC 5626 5.1] reaches who called and who was called', async () => {
    const call = await aliceCalls();
    const bye = edge.core.send(fromCore('BYE', { ...toAlice, callId: call.callId, route: call.record }));
    alice.respond(await alice.nextRequest('BYE'), 200);
    expect((await bye).statusCode).toBe(200);
    const called = await bobIsCalled();
    const info = edge.core.send(fromCore('INFO', { ...toBob, callId: called.callId, route: called.record }));
    bob.respond(await bob.nextRequest('INFO'), 200);
    expect((await info).statusCode).toBe(200);
  });

  it.each([
    ['another Call-ID', { callId: 'invented' }],
    ['another tag of who called', { from: '<sip:alice@ims.example>;tag=b' }],
    ['the tags the wrong way round', { from: '<sip:alice@ims.example>;tag=bob', to: '<sip:bob@ims.example>;tag=a' }],
  ])('[RFC 5626 5.1] is refused 481 on the way to who was called with %s', async (_fault, changes) => {
    const { record, callId } = await bobIsCalled();
    const request = fromCore('INVITE', { ...toBob, callId, route: record, ...changes });
    expect((await edge.core.send(request)).statusCode).toBe(481);
    expect(bob.requests.map(({ method }) => method)).toEqual(['INVITE']);
  });

  it.each([
    ['another Call-ID', { callId: 'invented' }],
    ['another tag of who called', { to: '<sip:alice@ims.example>;tag=other' }],
  ])('[RFC 5626 5.1] is refused 481 on the way to who called with %s', async (_fault, changes) => {
    const { record, callId } = await aliceCalls();
    const request = fromCore('INVITE', { ...toAlice, callId, route: record, ...changes });
    expect((await edge.core.send(request)).statusCode).toBe(481);
    expect(alice.requests).toEqual([]);
  });

  it('[RFC 5626 5.1] along Path is refused, and so is one from outside along Record-Route', async () => {
    const { record, callId } = await bobIsCalled();
    const inside = fromCore('MESSAGE', { ...toBob, callId, route: pathOf('bob') });
    expect((await edge.core.send(inside)).statusCode).toBe(403);
    const outside = fromCore('MESSAGE', { ...toBob, to: '<sip:bob@ims.example>', callId, route: record });
    expect((await edge.core.send(outside)).statusCode).toBe(403);
    expect(bob.requests.map(({ method }) => method)).toEqual(['INVITE']);
  });

  it('[RFC 5626 5.1] an ACK of another dialog never arrives', async () => {
    const { record, callId } = await bobIsCalled();
    await edge.core.sendAck(fromCore('ACK', { ...toBob, callId: 'invented', route: record }));
    await edge.core.sendAck(fromCore('ACK', { ...toBob, callId, route: record }));
    expect((await bob.nextRequest('ACK')).headers.first('Call-ID')).toBe(callId);
    expect(bob.requests.filter(({ method }) => method === 'ACK')).toHaveLength(1);
  });
});

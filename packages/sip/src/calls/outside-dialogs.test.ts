import { describe, expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { parseReason, type Reason } from '../headers/reason.ts';
import { formatReplaces } from '../headers/replaces.ts';
import { isRequest, noBody, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import { findReplaces, matchReplaces, replacesOf } from '../refer/match-replaces.ts';
import type { CallTarget } from './create-invite.ts';
import { type CallAgent, CallScene } from './testing/call-agent.ts';

const minute = 60_000;

function outside(method: string, branch: string, ...more: readonly (readonly [string, string])[]): SipRequest {
  return {
    method,
    requestUri: 'sip:bob@b.example',
    headers: Headers.of(
      ['Via', `SIP/2.0/UDP a.example;branch=z9hG4bK${branch}`],
      ['Max-Forwards', '70'],
      ['From', '<sip:alice@a.example>;tag=1'],
      ['To', '<sip:bob@b.example>'],
      ['Call-ID', 'outside'],
      ['CSeq', `1 ${method}`],
      ...more,
    ),
    body: noBody,
  };
}

const tagOf = (message: SipMessage | undefined): string | undefined =>
  message && parseNameAddr(message.headers.first('To') ?? '', 'To').params.get('tag');

const responses = (scene: CallScene): readonly SipResponse[] =>
  scene.theirs.sent.filter((message): message is SipResponse => !isRequest(message));

describe('a request outside a dialog', () => {
  it.each([
    { clause: '11.2', method: 'OPTIONS', headers: [], statusCode: 200 },
    { clause: '8.2.2.3', method: 'OPTIONS', headers: [['Require', 'foo']], statusCode: 420 },
    { clause: '8.2.1', method: 'MESSAGE', headers: [], statusCode: 405 },
    { clause: '8.2.1', method: 'FROB', headers: [], statusCode: 501 },
    { clause: '15.1.2', method: 'BYE', headers: [], statusCode: 481 },
  ] as const)('[RFC 3261 $clause] $method with $headers gets $statusCode', async (row) => {
    const scene = new CallScene('UDP');
    scene.theirs.onMessage(outside(row.method, 'x', ...row.headers));
    await scene.clock.run(minute);
    expect(responses(scene).map(({ statusCode }) => statusCode)).toEqual([row.statusCode]);
    expect([tagOf(responses(scene)[0]), scene.left]).toEqual([expect.any(String), [0, 0, 0]]);
  });

  it('[RFC 3261 8.2.2.2] that came by two ways gets 482 for the second', async () => {
    const scene = new CallScene('UDP');
    for (const branch of ['x', 'y']) scene.theirs.onMessage(outside('OPTIONS', branch));
    await scene.clock.run(minute);
    expect(responses(scene).map(({ statusCode }) => statusCode)).toEqual([200, 482]);
  });
});

describe('CANCEL', () => {
  it('[RFC 3261 9.2] of an INVITE that is refused already is answered with the tag of the refusal', async () => {
    const scene = new CallScene('UDP');
    scene.bob.onCall = (call) => call.reject(486);
    const pass = scene.theirs.onMessage;
    scene.theirs.onMessage = (message) => {
      pass(message);
      if (!isRequest(message) || message.method !== 'INVITE') return;
      pass({ ...message, method: 'CANCEL', headers: message.headers.set('CSeq', '1 CANCEL'), body: noBody });
    };
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    const [refusal, answer] = responses(scene);
    expect([refusal?.statusCode, answer?.statusCode]).toEqual([486, 200]);
    expect([tagOf(answer), scene.left]).toEqual([tagOf(refusal), [0, 0, 0]]);
  });

  it('[RFC 3261 8.2.6.2] that fits nothing is answered 481, with a tag', async () => {
    const scene = new CallScene('UDP');
    scene.theirs.onMessage(outside('CANCEL', 'x'));
    await scene.clock.run(minute);
    expect([responses(scene)[0]?.statusCode, tagOf(responses(scene)[0])]).toEqual([481, expect.any(String)]);
  });
});

describe('an invitation that expires', () => {
  it.each([
    { expires: '5', ringMs: minute, statusCode: 487 },
    { expires: '300', ringMs: minute, statusCode: 480 },
  ])('[RFC 3261 13.3.1] after $expires s gets $statusCode', async ({ expires, ringMs, statusCode }) => {
    const scene = new CallScene('UDP', ['bob'], {}, { ringTimeoutMs: ringMs });
    scene.bob.onCall = (call) => void call.ring();
    const target: CallTarget = {
      requestUri: 'sip:bob@b.example',
      from: '<sip:alice@a.example>',
      headers: [['Expires', expires]],
    };
    await scene.alice.calls.call(target, scene.alice.user, scene.ours);
    await scene.clock.run(2 * minute);
    expect([scene.alice.log.at(-1), scene.left]).toEqual([`ended ${statusCode}`, [0, 0, 0]]);
  });
});

describe('Reason', () => {
  const reason: Reason = { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere', params: new Map() };

  it.each(['CANCEL', 'BYE'])('[RFC 3326 2] goes in the %s, and the other end can read it', async (method) => {
    const scene = new CallScene('UDP');
    const ends: unknown[] = [];
    scene.bob.onCall = (call) => {
      call.use({ ...scene.bob.user, onEnded: (end) => ends.push(end) });
      if (method === 'BYE') call.accept().catch(() => undefined);
      else call.ring().catch(() => undefined);
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    call.hangUp(reason);
    await scene.clock.run(minute);
    const [end] = ends as readonly { readonly by: string; readonly request: SipRequest }[];
    expect([end?.by, end?.request.method]).toEqual(['remote', method]);
    expect(parseReason(end?.request.headers.first('Reason') ?? '')).toEqual(reason);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});

describe('Replaces', () => {
  /** Takes a call that replaces another one, as RFC 3891 3 wants it. */
  function takeReplacement(agent: CallAgent): void {
    agent.onCall = (call) => {
      const replaces = findReplaces(call.request);
      if (replaces === undefined) {
        call.accept().catch(() => undefined);
        return;
      }
      const outcome = matchReplaces(replaces, (id) => agent.calls.find(id)?.parts.dialog);
      if (outcome.type === 'refuse') call.reject(outcome.statusCode);
      else void call.accept().then(() => agent.calls.find(outcome.dialog.id)?.hangUp({ by: 'local' }));
    };
  }

  const scene = (): CallScene => new CallScene('UDP', ['bob'], { supported: ['replaces'] });
  const replacing = (value: string): CallTarget => ({
    requestUri: 'sip:bob@b.example',
    from: '<sip:alice@a.example>',
    headers: [
      ['Require', 'replaces'],
      ['Replaces', value],
    ],
  });

  it('[RFC 3891 3] a call takes the place of another one, which ends by BYE', async () => {
    const both = scene();
    const { alice, bob, clock, ours } = both;
    takeReplacement(bob);
    const old = await alice.call('bob');
    await clock.run(1_000);
    const dialog = old.dialog?.parts.dialog;
    if (dialog === undefined) throw new TypeError('expected a dialog');
    const call = await alice.calls.call(replacing(formatReplaces(replacesOf(dialog))), alice.user, ours);
    await clock.run(1_000);
    expect([old.dialog?.isOver, call.dialog?.isOver, bob.incoming.length]).toEqual([true, false, 2]);
    expect(both.wire.theirs).toEqual(['200 INVITE', '200 INVITE', 'BYE']);
    call.hangUp();
    await clock.run(minute);
    expect(both.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3891 3] a dialog that nobody knows gets 481', async () => {
    const { alice, bob, clock, ours } = scene();
    takeReplacement(bob);
    await alice.calls.call(replacing('nobody;to-tag=1;from-tag=2'), alice.user, ours);
    await clock.run(minute);
    expect(alice.log).toEqual(['ended 481']);
  });
});

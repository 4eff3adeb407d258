import { describe, expect, it } from 'vitest';
import { isRequest, type SipRequest } from '../messages/message.ts';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;

/** The INVITE of Alice as the far end gets it, changed. */
async function inviteWith(scene: CallScene, change: (invite: SipRequest) => SipRequest): Promise<void> {
  const pass = scene.theirs.onMessage;
  scene.theirs.onMessage = (message) =>
    pass(isRequest(message) && message.method === 'INVITE' ? change(message) : message);
  await scene.alice.call('bob');
  await scene.clock.run(2 * minute);
}

describe('a call that is taken back', () => {
  it('[RFC 3261 9.1] by itself, where nobody answers in time', async () => {
    const scene = new CallScene('UDP', ['bob'], { ringTimeoutMs: minute }, {});
    scene.bob.onCall = (call) => void call.ring();
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([scene.wire.ours.at(-2), scene.alice.log.at(-1), scene.left]).toEqual(['CANCEL', 'ended local', [0, 0, 0]]);
  });

  it('[RFC 3261 9.1] counts as cancelled where no final response comes in 64*T1', async () => {
    const scene = new CallScene('TCP', ['bob'], { reliability: 'never' });
    scene.bob.onCall = (call) => void call.ring();
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    scene.theirs.isLost = () => true;
    call.hangUp();
    await scene.clock.run(31_000);
    expect(scene.alice.log).not.toContain('ended local');
    await scene.clock.run(2_000);
    expect([scene.alice.log.at(-1), scene.alice.calls.size, scene.alice.layer.size]).toEqual(['ended local', 0, 0]);
  });
});

describe('what is broken', () => {
  it('[RFC 3261 13.2.2.4] a 2xx whose body cannot be read is acknowledged, and the call hung up', async () => {
    const scene = new CallScene('UDP');
    const pass = scene.ours.onMessage;
    scene.ours.onMessage = (message) => {
      const isSuccess = !isRequest(message) && message.headers.first('CSeq') === '1 INVITE';
      pass(isSuccess ? { ...message, headers: message.headers.set('Content-Type', 'sdp') } : message);
    };
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.wire.ours, scene.alice.log.at(-1), scene.left]).toEqual([
      ['INVITE', 'ACK', 'BYE'],
      'ended fault',
      [0, 0, 0],
    ]);
  });

  it('[RFC 3261 13.2.2.4] a 2xx without Contact makes no call', async () => {
    const scene = new CallScene('UDP');
    const pass = scene.ours.onMessage;
    scene.ours.onMessage = (message) => pass({ ...message, headers: message.headers.without('Contact') });
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([scene.wire.ours.slice(0, 1), scene.alice.log, scene.bob.log.at(-1), scene.left]).toEqual([
      ['INVITE'],
      ['ended fault'],
      'ended silence',
      [0, 0, 0],
    ]);
  });

  it.each([
    { fault: 'a body of another type', name: 'Content-Type', value: 'text/plain', statusCode: 415 },
    { fault: 'a broken Session-Expires', name: 'Session-Expires', value: 'soon', statusCode: 400 },
    { fault: 'a broken Contact', name: 'Contact', value: '<bob>', statusCode: 400 },
    { fault: 'a broken Recv-Info', name: 'Recv-Info', value: '<>', statusCode: 400 },
  ])('[RFC 3261 8.2] an INVITE with $fault gets $statusCode', async ({ name, value, statusCode }) => {
    const scene = new CallScene('TCP');
    await inviteWith(scene, (invite) => ({ ...invite, headers: invite.headers.set(name, value) }));
    expect([scene.alice.log, scene.left]).toEqual([[`ended ${statusCode}`], [0, 0, 0]]);
  });

  it.each([
    { fault: 'a broken Recv-Info', method: 'INVITE', name: 'Recv-Info', value: '<>', statusCode: 400 },
    { fault: 'a broken Session-Expires', method: 'INVITE', name: 'Session-Expires', value: 'soon', statusCode: 400 },
    { fault: 'a short Session-Expires', method: 'UPDATE', name: 'Session-Expires', value: '30', statusCode: 422 },
    { fault: 'an unknown extension', method: 'UPDATE', name: 'Require', value: 'foo', statusCode: 420 },
    { fault: 'a broken Contact', method: 'UPDATE', name: 'Contact', value: '<bob>', statusCode: 400 },
  ])('[RFC 3261 14.2] $method with $fault gets $statusCode, and the next one goes through', async (row) => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const headers = [
      ['Supported', 'timer'],
      ['Content-Type', 'application/sdp'],
      [row.name, row.value],
    ] as const;
    const broken = call.dialog?.request(row.method, { headers, body: Uint8Array.of(118) });
    await scene.clock.run(1_000);
    expect((await broken)?.statusCode).toBe(row.statusCode);
    const next = [call.dialog?.reinvite()];
    await scene.clock.run(10_000);
    next.push(call.dialog?.update());
    await scene.clock.run(10_000);
    expect((await Promise.all(next)).map((response) => response?.statusCode)).toEqual([200, 200]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});

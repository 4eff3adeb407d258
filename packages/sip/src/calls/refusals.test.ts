import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import type { InfoPackage } from '../headers/info-package.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipRequest, type SipResponse } from '../messages/message.ts';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;
const packageNamed = (name: string): InfoPackage => ({ name, params: new Map() });

/** The INVITE of Alice as the far end gets it, changed. */
async function inviteWith(scene: CallScene, change: (invite: SipRequest) => SipRequest): Promise<void> {
  const pass = scene.theirs.onMessage;
  scene.theirs.onMessage = (message) =>
    pass(isRequest(message) && message.method === 'INVITE' ? change(message) : message);
  await scene.alice.call('bob');
  await scene.clock.run(2 * minute);
}

const lastResponse = (scene: CallScene): SipResponse | undefined =>
  scene.theirs.sent.findLast((message) => !isRequest(message)) as SipResponse | undefined;

describe('a call that comes in', () => {
  it.each([
    { clause: '3261 8.2.2.3', name: 'Require', value: 'foo, timer, bar', header: 'Unsupported', says: 'foo, bar' },
    { clause: '4028 9', name: 'Session-Expires', value: '30', header: 'Min-SE', says: '90' },
  ])('[RFC $clause] is refused with $header: $says', async ({ name, value, header, says }) => {
    const scene = new CallScene('UDP');
    await inviteWith(scene, (invite) => ({ ...invite, headers: invite.headers.with(name, value) }));
    expect(lastResponse(scene)?.headers.all(header).join(', ')).toBe(says);
    expect([scene.alice.log.at(-1), scene.left]).toEqual([`ended ${name === 'Require' ? 420 : 422}`, [0, 0, 0]]);
  });

  it('[RFC 3262 3] is refused with 421 where 100rel is a must and unknown', async () => {
    const scene = new CallScene('UDP', ['bob'], { reliability: 'always' });
    await inviteWith(scene, (invite) => ({ ...invite, headers: invite.headers.set('Supported', 'timer') }));
    expect([lastResponse(scene)?.headers.first('Require'), scene.alice.log, scene.left]).toEqual([
      '100rel',
      ['ended 421'],
      [0, 0, 0],
    ]);
  });

  it('[RFC 3261 8.2.2.2] is refused with 482 where it is here already', async () => {
    const scene = new CallScene('UDP');
    scene.bob.onCall = (call) => void call.ring();
    const pass = scene.theirs.onMessage;
    scene.theirs.onMessage = (message) => {
      pass(message);
      if (!isRequest(message) || message.method !== 'INVITE') return;
      pass({ ...message, headers: message.headers.set('Via', 'SIP/2.0/UDP p.example;branch=z9hG4bKother') });
    };
    await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect([scene.wire.theirs.includes('482 INVITE'), scene.bob.incoming]).toEqual([true, [expect.anything()]]);
  });

  it('[RFC 3261 21.4.18] is refused with 480 where nobody answers in time', async () => {
    const scene = new CallScene('TCP', ['bob'], { ringTimeoutMs: 6 * minute }, { ringTimeoutMs: 5 * minute });
    scene.bob.onCall = (call) => void call.ring();
    await scene.alice.call('bob');
    await scene.clock.run(5.5 * minute);
    // RFC 3262 3: sent again in good time, so that no proxy loses patience.
    expect(scene.wire.theirs.filter((name) => name === '180 INVITE')).toHaveLength(2);
    expect(scene.alice.log.at(-1)).toBe('ended 480');
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.3.1.3] is refused with 488 where the media refuse', async () => {
    const scene = new CallScene('UDP');
    scene.bob.checkMedia = () => {
      throw new Error('no such codec');
    };
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.alice.log, scene.bob.log, scene.left]).toEqual([['ended 488'], ['rollback', 'ended 488'], [0, 0, 0]]);
  });

  it('[RFC 3261 21.4.24] is refused with 486 where as many as may are here', async () => {
    const scene = new CallScene('UDP', ['bob'], { maxCalls: 0 });
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.alice.log, scene.left]).toEqual([['ended 486'], [0, 0, 0]]);
  });
});

describe('a call that goes out', () => {
  it('[RFC 3261 22.2] answers a challenge with the next number, and only as often as makes sense', async () => {
    const authorize = (request: SipRequest): SipRequest => ({
      ...request,
      headers: request.headers.set('Authorization', 'Digest username="a"'),
    });
    const scene = new CallScene('UDP', ['bob'], { authorize });
    let challenges = 1;
    const pass = scene.theirs.onMessage;
    scene.theirs.onMessage = (message) => {
      if (!isRequest(message) || message.method === 'ACK' || challenges === 0) return pass(message);
      challenges -= 1;
      void scene.theirs.send(createResponse(message, 401, { toTag: 'proxy' }));
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect(scene.wire.ours).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK']);
    expect(scene.ours.sent.map(({ headers }) => headers.first('CSeq'))).toEqual([
      '1 INVITE',
      '1 ACK',
      '2 INVITE',
      '2 ACK',
    ]);
    // RFC 3261 22.1: the ACK has the credentials of its INVITE.
    expect(scene.ours.sent.at(-1)?.headers.first('Authorization')).toBe('Digest username="a"');
    challenges = 1;
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.wire.ours.filter((name) => name === 'BYE')).toHaveLength(2);
    expect([scene.alice.log.at(-1), scene.left]).toEqual(['ended local', [0, 0, 0]]);

    challenges = Number.POSITIVE_INFINITY;
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([scene.alice.log.at(-1), scene.left]).toEqual(['ended 401', [0, 0, 0]]);
  });

  it.each(['UDP', 'TCP'])('[RFC 3261 8.1.3.1] over %s ends with 408 where nobody is', async (transport) => {
    const scene = new CallScene(transport);
    scene.ours.isLost = () => true;
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.alice.log, scene.left]).toEqual([['ended 408'], [0, 0, 0]]);
  });

  it('[RFC 3261 8.1.3.1] ends with 503 where the flow is broken', async () => {
    const scene = new CallScene('TCP');
    scene.ours.close();
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.alice.log, scene.left]).toEqual([['ended 503'], [0, 0, 0]]);
  });

  it('[RFC 3261 9.1] hangs up on an answer that crosses the CANCEL', async () => {
    const scene = new CallScene('UDP');
    scene.bob.onCall = (incoming) => void incoming.ring().then(() => incoming.accept());
    const call = await scene.alice.call('bob');
    scene.theirs.isLost = (message) => !isRequest(message) && message.statusCode === 200 && scene.clock.now() < 400;
    await scene.clock.run(200);
    call.hangUp();
    await scene.clock.run(minute);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['ended local', 'ended remote']);
    expect(scene.wire.ours).toContain('BYE');
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 6337 2] acknowledges a 2xx without answer, and hangs up', async () => {
    const scene = new CallScene('UDP');
    const pass = scene.ours.onMessage;
    scene.ours.onMessage = (message) => pass({ ...message, body: new Uint8Array(0) });
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.wire.ours, scene.alice.log.at(-1)]).toEqual([['INVITE', 'ACK', 'BYE'], 'ended fault']);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.2.2.4] hangs up where the media cannot take the answer', async () => {
    const scene = new CallScene('UDP');
    scene.alice.checkMedia = (what) => {
      if (what === 'accept') throw new Error('no such codec');
    };
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.wire.ours, scene.alice.log.at(-1), scene.left]).toEqual([
      ['INVITE', 'ACK', 'BYE'],
      'ended fault',
      [0, 0, 0],
    ]);
  });
});

describe('within a call', () => {
  it('[RFC 6086 4] INFO of a package that is taken, and 469 for another', async () => {
    const scene = new CallScene('UDP', ['bob'], { infoPackages: [packageNamed('foo')] });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const body = { contentType: 'text/plain', octets: encodeUtf8('hello') };
    const taken = call.dialog?.info(packageNamed('foo'), body);
    const other = call.dialog?.request('INFO', { headers: [['Info-Package', 'bar']] });
    await scene.clock.run(1_000);
    expect([(await taken)?.statusCode, scene.bob.log.at(-1)]).toEqual([200, 'info hello']);
    const refusal = await other;
    expect([refusal?.statusCode, refusal?.headers.first('Recv-Info')]).toEqual([469, 'foo']);
    await expect(call.dialog?.info(packageNamed('bar'))).rejects.toThrow(TypeError);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it("[RFC 8840 4.3] candidates trickle both ways, the callee's after PRACK", async () => {
    const scene = new CallScene('TCP', ['bob'], {
      infoPackages: [packageNamed('trickle-ice')],
      supported: ['trickle-ice'],
    });
    scene.bob.onCall = (incoming) => void incoming.ring(183, true);
    const call = await scene.alice.call('bob');
    await scene.clock.run(10);
    const fragment = (text: string) => (): { octets: Uint8Array; isLast: boolean } => ({
      octets: encodeUtf8(text),
      isLast: true,
    });
    const ours = call.forks[0]?.trickle(fragment('ours'));
    const theirs = scene.bob.incoming[0]?.dialog.trickle(fragment('theirs'));
    expect([ours?.isOpen, theirs?.isOpen]).toEqual([true, true]);
    await scene.clock.run(1_000);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['info theirs', 'info ours']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it.each([
    { method: 'MESSAGE', statusCode: 405 },
    { method: 'OPTIONS', statusCode: 200 },
    { method: 'PRACK', statusCode: 481 },
  ])('[RFC 3261 8.2.1] $method gets $statusCode', async ({ method, statusCode }) => {
    const scene = new CallScene('UDP', ['bob'], { reliability: 'never' });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const asked = call.dialog?.request(method);
    await scene.clock.run(1_000);
    expect((await asked)?.statusCode).toBe(statusCode);
    call.hangUp();
    await scene.clock.run(minute);
    // RFC 3261 12.2.1.2: a 481 ends the dialog, and BYE is sent only once.
    expect([scene.wire.ours.filter((name) => name === 'BYE').length, scene.left]).toEqual([1, [0, 0, 0]]);
  });

  it('[RFC 3261 12.2.2] what comes for a call that is over gets 481', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const { dialog } = call;
    call.hangUp();
    await scene.clock.run(minute);
    const late = dialog?.request('OPTIONS');
    await scene.clock.run(minute);
    expect([(await late)?.statusCode, scene.left]).toEqual([481, [0, 0, 0]]);
  });

  it('[RFC 3261 14.1] no second INVITE while one is under way', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const first = call.dialog?.reinvite(false);
    await expect(call.dialog?.reinvite()).rejects.toThrow(expect.objectContaining({ code: 'ERR_SIP_REQUEST_PENDING' }));
    await scene.clock.run(1_000);
    expect([(await first)?.statusCode, scene.alice.log.at(-1)]).toEqual([200, 'answers offer 2 of bob']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 12.2.1.2] a re-INVITE that nobody answers ends the call', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    scene.ours.isLost = () => true;
    const lost = call.dialog?.reinvite();
    await scene.clock.run(minute);
    expect([(await lost)?.statusCode, scene.alice.log.at(-1)]).toEqual([408, 'ended silence']);
    await scene.clock.run(minute);
    expect(scene.left.slice(0, 2)).toEqual([0, 0]);
  });
});

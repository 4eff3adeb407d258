import { describe, expect, it } from 'vitest';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;

describe.each(['UDP', 'TCP'])('two user agents over %s', (transport) => {
  it('[RFC 3261 13] call, talk, and hang up from this end', async () => {
    const scene = new CallScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect(scene.wire).toEqual({ ours: ['INVITE', 'ACK'], theirs: ['200 INVITE'] });
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.alice.log).toEqual(['takes answer 1 of bob', 'answered', 'ended local']);
    expect(scene.bob.log).toEqual(['answers offer 1 of alice', 'answered', 'ended remote']);
    expect(scene.wire).toEqual({ ours: ['INVITE', 'ACK', 'BYE'], theirs: ['200 INVITE', '200 BYE'] });
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 15] hang up from the other end, after the ACK', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = (call) => void call.accept().then(() => call.hangUp());
    const call = await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect(call.dialog?.parts.dialog.state).toBe('terminated');
    expect(scene.wire).toEqual({ ours: ['INVITE', 'ACK', '200 BYE'], theirs: ['200 INVITE', 'BYE'] });
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['ended remote', 'ended local']);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.2.1] let the other end make the offer', async () => {
    const scene = new CallScene(transport);
    const call = await scene.alice.call('bob', false);
    await scene.clock.run(1_000);
    expect(scene.alice.log).toEqual(['answers offer 1 of bob', 'answered']);
    expect(scene.bob.log).toEqual(['answered', 'takes answer 1 of alice']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 9.1] take a call back while it rings', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = (call) => void call.ring();
    const call = await scene.alice.call('bob');
    await scene.clock.run(2_000);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.alice.log.filter((line) => !line.startsWith('progress'))).toEqual(['rollback', 'ended local']);
    expect(scene.bob.log).toEqual(['rollback', 'ended remote']);
    expect(scene.wire.ours.filter((name) => name !== 'PRACK')).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(scene.wire.theirs).toEqual(['180 INVITE', '200 PRACK', '200 CANCEL', '487 INVITE']);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 9.1] take a call back before anything came: the CANCEL waits', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = () => undefined;
    const call = await scene.alice.call('bob');
    call.hangUp();
    expect(scene.wire.ours).toEqual(['INVITE']);
    await scene.clock.run(minute);
    expect(scene.wire.ours).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(scene.alice.log.at(-1)).toBe('ended local');
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.2.2.3] hear that the other end refuses', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = (call) => call.reject(486);
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([scene.alice.log, scene.bob.log]).toEqual([['ended 486'], ['rollback', 'ended 486']]);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3262 3] early media, an update of them, and the answer', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = (call) => void call.ring(183, true);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect(scene.wire).toEqual({ ours: ['INVITE', 'PRACK'], theirs: ['183 INVITE', '200 PRACK'] });
    const [fork] = call.forks;
    const updated = fork?.update();
    await scene.clock.run(1_000);
    expect((await updated)?.statusCode).toBe(200);
    await scene.bob.incoming[0]?.accept();
    await scene.clock.run(1_000);
    expect(scene.wire).toEqual({
      ours: ['INVITE', 'PRACK', 'UPDATE', 'ACK'],
      theirs: ['183 INVITE', '200 PRACK', '200 UPDATE', '200 INVITE'],
    });
    // RFC 6337 3.1.1: offer and answer are done, so the 200 has none.
    expect(scene.theirs.sent.at(-1)?.body).toHaveLength(0);
    expect(scene.alice.log).toEqual(['takes answer 1 of bob', 'progress 183', 'takes answer 2 of bob', 'answered']);
    scene.bob.incoming[0]?.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3262 5] the offer comes in a reliable 183, its answer in PRACK', async () => {
    const scene = new CallScene(transport);
    scene.bob.onCall = (call) => {
      void call.ring(183, true);
      void call.accept();
    };
    const call = await scene.alice.call('bob', false);
    await scene.clock.run(1_000);
    expect(scene.bob.log).toEqual(['takes answer 1 of alice', 'answered']);
    // RFC 3262 3: no 2xx before the PRACK.
    expect(scene.wire.theirs).toEqual(['183 INVITE', '200 PRACK', '200 INVITE']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3311 5.2] two UPDATEs meet, and both get through later', async () => {
    const scene = new CallScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const theirs = scene.bob.incoming[0]?.dialog.update();
    const ours = call.dialog?.update();
    await scene.clock.run(10_000);
    expect([(await ours)?.statusCode, (await theirs)?.statusCode]).toEqual([200, 200]);
    const refused = [...scene.wire.ours, ...scene.wire.theirs].filter((name) => name === '491 UPDATE');
    expect(refused).toHaveLength(2);
    expect(scene.alice.log.filter((line) => line === 'rollback')).toHaveLength(1);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 14.2] two INVITEs meet, and both get through later', async () => {
    const scene = new CallScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const theirs = scene.bob.incoming[0]?.dialog.reinvite();
    const ours = call.dialog?.reinvite();
    await scene.clock.run(10_000);
    expect([(await ours)?.statusCode, (await theirs)?.statusCode]).toEqual([200, 200]);
    expect(scene.wire.ours.filter((name) => name === '491 INVITE')).toHaveLength(1);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 14.1] a re-INVITE that is refused leaves all as it was', async () => {
    const scene = new CallScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    scene.bob.checkMedia = () => {
      throw new Error('no such codec');
    };
    const changed = call.dialog?.reinvite();
    await scene.clock.run(1_000);
    expect((await changed)?.statusCode).toBe(488);
    expect([scene.alice.log.at(-1), call.dialog?.parts.session.state]).toEqual(['rollback', 'stable']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 4028 10] refresh the session while both are there, and end it when one has gone', async () => {
    const scene = new CallScene(transport, ['bob'], { sessionTimer: { seconds: 90, refresher: 'uac' } });
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect(scene.wire.ours.filter((name) => name === 'UPDATE')).toHaveLength(2);
    expect(scene.alice.log).not.toContain('ended silence');
    scene.ours.isLost = () => true;
    scene.theirs.isLost = () => true;
    await scene.clock.run(3 * minute);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['ended silence', 'ended silence']);
    expect([scene.wire.ours.includes('BYE'), scene.wire.theirs.includes('BYE')]).toEqual([true, true]);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 4028 7.4] refresh by re-INVITE where the other end knows no UPDATE', async () => {
    const scene = new CallScene(transport, ['bob'], { sessionTimer: { seconds: 90, refresher: 'uas' } });
    for (const flow of [scene.ours, scene.theirs]) {
      const pass = flow.onMessage;
      flow.onMessage = (message) =>
        pass(message.headers.has('Allow') ? { ...message, headers: message.headers.set('Allow', 'INVITE') } : message);
    }
    const call = await scene.alice.call('bob');
    await scene.clock.run(100_000);
    expect(scene.wire.theirs.filter((name) => name === 'INVITE')).toHaveLength(2);
    expect([scene.alice.log, scene.bob.log].map((log) => log.some((line) => line.startsWith('ended')))).toEqual([
      false,
      false,
    ]);
    await expect(call.dialog?.update()).rejects.toThrow(TypeError);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.2.2.4] of many phones that ring a few are heard, and who answers is hung up on all the same', async () => {
    const names = Array.from({ length: 18 }, (_, at) => `phone${String.fromCharCode(97 + at)}`);
    const scene = new CallScene(transport, names);
    for (const callee of scene.callees) callee.onCall = (call) => void call.ring(180);
    const call = await scene.alice.call('phones');
    await scene.clock.run(100);
    expect(call.forks).toHaveLength(16);
    for (const callee of scene.callees.toReversed()) await callee.incoming[0]?.accept();
    await scene.clock.run(10_000);
    expect(scene.callees.filter(({ log }) => log.includes('ended remote'))).toHaveLength(17);
    call.hangUp();
    await scene.clock.run(minute);
    expect(new Set(scene.left)).toEqual(new Set([0]));
  });

  it('[RFC 4028 7.3] try again with the interval that a 422 asks for', async () => {
    const strict = new CallScene(transport, ['bob'], { sessionTimer: { seconds: 600, minSeconds: 600 } });
    const call = await strict.alice.call('bob');
    await strict.clock.run(1_000);
    expect(strict.bob.incoming[0]?.dialog.parts.timer.interval?.seconds).toBe(600);
    call.hangUp();
    await strict.clock.run(minute);
    expect(strict.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3262 4] forks ring reliably, each with its own PRACK, and the later answer is hung up on', async () => {
    const scene = new CallScene(transport, ['bob', 'carol']);
    const [bob, carol] = scene.callees;
    for (const callee of scene.callees) callee.onCall = (call) => void call.ring(183, true);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect(call.forks).toHaveLength(2);
    expect(scene.wire.ours).toEqual(['INVITE', 'PRACK', 'PRACK']);
    await bob?.incoming[0]?.accept();
    await carol?.incoming[0]?.accept();
    await scene.clock.run(5_000);
    expect(scene.wire.ours).toEqual(['INVITE', 'PRACK', 'PRACK', 'ACK', 'ACK', 'BYE']);
    expect([bob?.log.at(-1), carol?.log.at(-1)]).toEqual(['answered', 'ended remote']);
    expect(scene.alice.log.filter((line) => line.startsWith('ended'))).toEqual([]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.alice.log.at(-1)).toBe('ended local');
    expect(scene.left).toEqual([0, 0, 0, 0]);
  });

  it('[RFC 3261 13.3.1.4] acknowledge each copy of a 2xx', async () => {
    const scene = new CallScene(transport);
    let lost = 0;
    scene.ours.isLost = (message) => {
      if (!('method' in message) || message.method !== 'ACK') return false;
      lost += 1;
      return lost < 4;
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(20_000);
    expect(scene.wire.theirs).toEqual(['200 INVITE', '200 INVITE', '200 INVITE', '200 INVITE']);
    expect(scene.wire.ours).toEqual(['INVITE', 'ACK', 'ACK', 'ACK', 'ACK']);
    const acks = scene.ours.sent.slice(1).map(({ headers }) => headers.toString());
    expect(new Set(acks).size).toBe(1);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.3.1.4] end a call whose 2xx nobody acknowledges', async () => {
    const scene = new CallScene(transport);
    scene.ours.isLost = (message) => 'method' in message && message.method === 'ACK';
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect(scene.bob.log.at(-1)).toBe('ended silence');
    expect(scene.wire.theirs.at(-1)).toBe('BYE');
    expect(scene.alice.log.at(-1)).toBe('ended remote');
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3262 3] refuse a call whose reliable response nobody acknowledges', async () => {
    const scene = new CallScene(transport);
    scene.ours.isLost = (message) => 'method' in message && message.method === 'PRACK';
    scene.bob.onCall = (call) => {
      void call.ring(183, true);
      call.accept().catch(() => undefined);
    };
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['ended 504', 'ended 504']);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});

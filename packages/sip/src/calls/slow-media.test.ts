import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { isRequest } from '../messages/message.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import type { CallUser } from './call-user.ts';
import type { IncomingCall } from './incoming-call.ts';
import { type CallAgent, CallScene } from './testing/call-agent.ts';

const minute = 60_000;

/** The user of `agent`, whose media take a second for everything. */
function slowUser(scene: CallScene, { user }: CallAgent): CallUser {
  const second = (): Promise<void> => new Promise((resolve) => scene.clock.after(1_000, resolve));
  const { media } = user;
  return {
    ...user,
    media: {
      ...media,
      createOffer: async (dialog) => {
        await second();
        return await media.createOffer(dialog);
      },
      createAnswer: async (offer, dialog) => {
        await second();
        return await media.createAnswer(offer, dialog);
      },
      acceptAnswer: async (answer, dialog) => {
        await second();
        await media.acceptAnswer(answer, dialog);
      },
    },
  };
}

function slowScene(transport: string, onCall?: (call: IncomingCall<MemoryFlow>) => void): CallScene {
  const scene = new CallScene(transport);
  scene.bob.onCall = (call) => {
    call.use(slowUser(scene, scene.bob));
    if (onCall === undefined) call.accept().catch(() => undefined);
    else onCall(call);
  };
  return scene;
}

const target = (hasOffer: boolean) => ({ requestUri: 'sip:bob@b.example', from: '<sip:alice@a.example>', hasOffer });

describe.each(['UDP', 'TCP'])('slow media over %s', (transport) => {
  it('[RFC 3261 13.3] answer in their time, and copies of the INVITE meet the 100', async () => {
    const scene = slowScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(2_000);
    expect(scene.wire.theirs).toEqual(['100 INVITE', '200 INVITE']);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['answered', 'answered']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 9.2] a CANCEL comes while the answer is in the making', async () => {
    const scene = slowScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(500);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.wire.theirs).toEqual(['100 INVITE', '200 CANCEL', '487 INVITE']);
    expect([scene.bob.log.includes('ended remote'), scene.alice.log.at(-1), scene.left]).toEqual([
      true,
      'ended local',
      [0, 0, 0],
    ]);
  });

  it('[RFC 3261 13.2.2.4] copies of a 2xx come while the answer for the ACK is in the making', async () => {
    const scene = new CallScene(transport);
    const made = scene.alice.calls.call(target(false), slowUser(scene, scene.alice), scene.ours);
    await scene.clock.run(5_000);
    expect(scene.wire.theirs).toEqual(['200 INVITE', '200 INVITE']);
    expect(scene.wire.ours).toEqual(['INVITE', 'ACK']);
    expect(scene.bob.log).toEqual(['answered', 'takes answer 1 of alice']);
    (await made).hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3262 3] rings and answers in the order that was asked for', async () => {
    const scene = slowScene(transport, (call) => {
      void call.ring(180);
      void call.ring(183, true);
      void call.accept();
    });
    const call = await scene.alice.call('bob');
    await scene.clock.run(5_000);
    expect(scene.wire.theirs).toEqual(['180 INVITE', '200 PRACK', '183 INVITE', '200 PRACK', '200 INVITE']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3311 5.2] a second UPDATE comes before the first is answered: 500', async () => {
    const scene = slowScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(2_000);
    const offer = { headers: [['Content-Type', 'application/sdp']] as const, body: encodeUtf8('offer') };
    const answers = [call.dialog?.request('UPDATE', offer), call.dialog?.request('UPDATE', offer)];
    await scene.clock.run(2_000);
    const [first, second] = await Promise.all(answers);
    expect([first?.statusCode, second?.statusCode]).toEqual([200, 500]);
    expect(Number(second?.headers.first('Retry-After'))).toBeLessThanOrEqual(10);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 15.1.2] a BYE comes while a re-INVITE is answered: 487', async () => {
    const scene = slowScene(transport);
    const call = await scene.alice.call('bob');
    await scene.clock.run(2_000);
    const changed = call.dialog?.reinvite();
    await scene.clock.run(100);
    call.hangUp();
    await scene.clock.run(minute);
    expect((await changed)?.statusCode).toBe(487);
    expect([scene.bob.log.includes('ended remote'), scene.left]).toEqual([true, [0, 0, 0]]);
  });

  it('[RFC 3261 14.2] a re-INVITE overtakes the ACK of the one before', async () => {
    const scene = new CallScene(transport);
    scene.ours.isLost = (message) => isRequest(message) && message.method === 'ACK' && scene.clock.now() < 700;
    const call = await scene.alice.call('bob');
    await scene.clock.run(100);
    const changed = call.dialog?.reinvite();
    await scene.clock.run(3_000);
    expect((await changed)?.statusCode).toBe(200);
    await scene.clock.run(minute);
    expect([scene.bob.log.includes('answered'), scene.bob.log.includes('ended silence')]).toEqual([true, false]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});

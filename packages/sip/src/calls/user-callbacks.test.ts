import { describe, expect, it } from 'vitest';
import type { DialogId } from '../dialogs/dialog-id.ts';
import type { CallUser } from './call-user.ts';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;

const fail = (): never => {
  throw new Error('a mistake of the program');
};

const failLater = async (): Promise<never> => {
  await Promise.resolve();
  return fail();
};

interface Faulty {
  readonly scene: CallScene;
  readonly faults: unknown[];
}

/** Bob's program throws in `callbacks`. */
function faultyScene(callbacks: Partial<CallUser>): Faulty {
  const faults: unknown[] = [];
  const scene = new CallScene('UDP', ['bob'], { onFault: (error) => faults.push(error) });
  scene.bob.onCall = (call) => {
    call.use({ ...scene.bob.user, ...callbacks });
    call.accept().catch(() => undefined);
  };
  return { scene, faults };
}

describe('what a program throws', () => {
  it('[RFC 3261 13.3.1.4] in onAnswered is reported, and the answer in the ACK is taken all the same', async () => {
    const { scene, faults } = faultyScene({ onAnswered: fail });
    const call = await scene.alice.call('bob', false);
    await scene.clock.run(1_000);
    expect([faults.length, scene.bob.log]).toEqual([1, ['takes answer 1 of alice']]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 6086 4.2.2] in onInfo and onRequest is a 500 to the request', async () => {
    const { scene, faults } = faultyScene({ onInfo: fail, onRequest: fail });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const asked = [call.dialog?.request('INFO'), call.dialog?.request('MESSAGE')];
    await scene.clock.run(1_000);
    expect((await Promise.all(asked)).map((response) => response?.statusCode)).toEqual([500, 500]);
    expect(faults).toHaveLength(2);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 21.5.1] in an async onAnswered, onRequest and onEnded is no different', async () => {
    const { scene, faults } = faultyScene({ onAnswered: failLater, onRequest: failLater, onEnded: failLater });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const asked = call.dialog?.request('MESSAGE');
    await scene.clock.run(1_000);
    expect([(await asked)?.statusCode, faults.length]).toEqual([500, 2]);
    call.hangUp();
    await scene.clock.run(minute);
    expect([faults.length, scene.left]).toEqual([3, [0, 0, 0]]);
  });

  it('[RFC 3261 21.5.1] in an async onCall refuses the call, unless it is answered', async () => {
    const { scene, faults } = faultyScene({});
    scene.bob.onCall = (call) => {
      call.use(scene.bob.user);
      return failLater();
    };
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([faults.length, scene.alice.log, scene.left]).toEqual([1, ['ended 500'], [0, 0, 0]]);
    scene.bob.onCall = async (call) => {
      call.use(scene.bob.user);
      await call.accept();
      return fail();
    };
    const answered = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect([faults.length, scene.alice.log.at(-1)]).toEqual([2, 'answered']);
    answered.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 4320 4.1] a provisional status code from onInfo is a mistake too', async () => {
    const { scene, faults } = faultyScene({ onInfo: () => 183 });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const asked = call.dialog?.request('INFO');
    await scene.clock.run(1_000);
    expect([(await asked)?.statusCode, faults]).toEqual([500, [expect.any(TypeError)]]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 4028 10] in onEnded, called by a timer, does not reach the timer', async () => {
    const { scene, faults } = faultyScene({ onEnded: fail });
    scene.ours.isLost = (message) => 'method' in message && message.method === 'ACK';
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([faults.length, scene.wire.theirs.at(-1), scene.left]).toEqual([1, 'BYE', [0, 0, 0]]);
  });

  it('[RFC 3261 21.5.1] in onCall refuses the call', async () => {
    const { scene, faults } = faultyScene({});
    scene.bob.onCall = fail;
    await scene.alice.call('bob');
    await scene.clock.run(minute);
    expect([faults.length, scene.alice.log, scene.left]).toEqual([1, ['ended 500'], [0, 0, 0]]);
  });

  it('[RFC 3261 21.5.1] in onRequest of all calls is a 500 to what belongs to none', async () => {
    const faults: unknown[] = [];
    const scene = new CallScene('UDP', ['bob'], { onFault: (error) => faults.push(error), onRequest: fail });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const { dialog } = call;
    call.hangUp();
    await scene.clock.run(minute);
    const late = dialog?.request('OPTIONS');
    await scene.clock.run(minute);
    expect([(await late)?.statusCode, faults.length, scene.left]).toEqual([500, 1, [0, 0, 0]]);
  });

  it('[RFC 3261 8.1.2] in selectFlow leaves the request on the flow of the call', async () => {
    const faults: unknown[] = [];
    const scene = new CallScene('UDP', ['bob'], { onFault: (error) => faults.push(error), selectFlow: fail });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect([faults.length, scene.alice.log.at(-1)]).toEqual([1, 'answered']);
    call.hangUp();
    await scene.clock.run(minute);
    expect([faults.length, scene.left]).toEqual([2, [0, 0, 0]]);
  });

  it('[RFC 3326 2] a Reason out of the grammar ends nothing', async () => {
    const { scene } = faultyScene({});
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const reason = { protocol: 'S IP', cause: undefined, text: undefined, params: new Map<string, string>() };
    expect(() => call.hangUp(reason)).toThrow(TypeError);
    expect(() => scene.bob.incoming[0]?.hangUp(reason)).toThrow(TypeError);
    expect([call.dialog?.isOver, scene.bob.incoming[0]?.dialog.isOver]).toEqual([false, false]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 8840 4.3] in a reader of candidates is reported, and the call goes on', async () => {
    const faults: unknown[] = [];
    const options = {
      onFault: (error: unknown) => void faults.push(error),
      infoPackages: [{ name: 'trickle-ice', params: new Map<string, string>() }],
    };
    const scene = new CallScene('UDP', ['bob'], options);
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    call.dialog?.trickle(fail);
    await scene.clock.run(1_000);
    expect([faults.length, call.dialog?.isOver]).toEqual([1, false]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it.each([
    { what: 'ring', statusCode: 200 },
    { what: 'ring', statusCode: 100 },
    { what: 'reject', statusCode: 200 },
    { what: 'reject', statusCode: 700 },
  ])('[RFC 3261 8.2.6] no $what with $statusCode', async ({ what, statusCode }) => {
    const { scene } = faultyScene({});
    const thrown: unknown[] = [];
    scene.bob.onCall = (call) => {
      call.use(scene.bob.user);
      if (what === 'ring') call.ring(statusCode).catch((error: unknown) => thrown.push(error));
      else {
        try {
          call.reject(statusCode);
        } catch (error) {
          thrown.push(error);
        }
      }
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    expect([thrown, scene.wire.theirs]).toEqual([[expect.any(TypeError)], ['100 INVITE']]);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.3.1] media that never come to an end do not keep the caller for ever', async () => {
    const scene = new CallScene('TCP', ['bob'], { ringTimeoutMs: 6 * minute }, { ringTimeoutMs: minute });
    scene.bob.onCall = (call) => {
      const { user } = scene.bob;
      call.use({ ...user, media: { ...user.media, createAnswer: () => new Promise(() => undefined) } });
      call.accept().catch(() => undefined);
    };
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect([scene.alice.log, scene.bob.calls.size]).toEqual([['ended 480'], 0]);
    await scene.clock.run(2 * minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 14.2] media that never come to an end do not keep a call from every further change', async () => {
    const scene = new CallScene('TCP');
    let isStuck = false;
    scene.bob.onCall = (call) => {
      const { media, ...user } = scene.bob.user;
      const never = new Promise<Uint8Array>(() => undefined);
      const createAnswer = (offer: Uint8Array, dialog: DialogId): Uint8Array | Promise<Uint8Array> =>
        isStuck ? never : media.createAnswer(offer, dialog);
      call.use({ ...user, media: { ...media, createAnswer } });
      call.accept().catch(() => undefined);
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    isStuck = true;
    const stuck = call.dialog?.reinvite();
    await scene.clock.run(3 * minute + 1_000);
    expect([487, 488]).toContain((await stuck)?.statusCode);
    isStuck = false;
    const next = call.dialog?.reinvite();
    await scene.clock.run(minute);
    expect((await next)?.statusCode).toBe(200);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});

import { createResponse, Headers, noBody, type SipResponse } from '@wicgate/sip';
import { VirtualClock } from '@wicgate/sip/testing';
import { describe, expect, it } from 'vitest';
import { DigestEdge } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import { FailedAuthentications } from './failed-authentications.ts';

const tooMany = { code: 'ERR_EP_CSCF_TOO_MANY_FAILED_AUTHENTICATIONS' };
const register = { method: 'REGISTER', requestUri: 'sip:ims.example', headers: Headers.of(), body: noBody } as const;
const answering = (statusCode: number) => async (): Promise<SipResponse> =>
  createResponse(register, statusCode, { toTag: 'core' });

describe('guesses', () => {
  it('[O.3.1.1] an address refused too often in one name has to wait; other names and addresses do not', async () => {
    const clock = new VirtualClock();
    const failed = new FailedAuthentications({ clock, allowed: 3 });
    const guess = (address: string, impi: string): Promise<SipResponse> => failed.watch(address, impi, answering(403));
    for (let number = 0; number < 3; number += 1) await guess('192.0.2.1', 'dora@ims.example');
    await expect(guess('192.0.2.1', 'dora@ims.example')).rejects.toMatchObject(tooMany);
    await guess('192.0.2.2', 'dora@ims.example');
    await guess('192.0.2.1', 'erik@ims.example');
    clock.advance(300_000);
    await guess('192.0.2.1', 'dora@ims.example');
  });

  it('[O.3.1.1] many at once are no more than one after the other', async () => {
    const failed = new FailedAuthentications({ clock: new VirtualClock(), allowed: 3 });
    let asked = 0;
    const guesses = Array.from({ length: 20 }, () =>
      failed.watch('192.0.2.1', 'dora@ims.example', () => {
        asked += 1;
        return answering(403)();
      }),
    );
    const outcomes = await Promise.allSettled(guesses);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(17);
    expect(asked).toBe(3);
  });

  it.each([
    ['accepted', answering(200)],
    ['challenged anew', answering(401)],
    ['not judged: the core does not answer', () => Promise.reject(new Error('gone'))],
  ])('[O.3.1.1] what is %s was no wrong one', async (_what, ask) => {
    const failed = new FailedAuthentications({ clock: new VirtualClock(), allowed: 1 });
    for (let number = 0; number < 5; number += 1) {
      await failed.watch('192.0.2.1', 'dora@ims.example', ask).catch(() => undefined);
    }
    const response = await failed.watch('192.0.2.1', 'dora@ims.example', answering(200));
    expect(response.statusCode).toBe(200);
  });

  it('[O.3.1.1] addresses of one IPv6 network count as one, and no number of guessers fills the memory', async () => {
    const failed = new FailedAuthentications({ clock: new VirtualClock(), allowed: 1 });
    await failed.watch('2001:db8::1', 'dora@ims.example', answering(403));
    await expect(failed.watch('2001:db8::2', 'dora@ims.example', answering(200))).rejects.toMatchObject(tooMany);
    for (let index = 0; index < 50_001; index += 1) await failed.watch('192.0.2.1', `${index}@x`, answering(403));
    expect(failed.size).toBe(50_000);
  });
});

it('[O.3.1.1] guesses stop at the gateway, whatever connection they come on; who is registered stays and refreshes', async () => {
  const edge = await Edge.start({ EP_CSCF_FAILED_AUTHENTICATIONS: '2' });
  const digest = new DigestEdge(edge);
  const guess = async (name: string, password: string): Promise<number> => {
    const wic = await digest.connect(name, { password });
    const { statusCode } = await wic.register();
    await wic.wic.close();
    return statusCode;
  };
  const owner = await digest.register();
  expect(await guess('dora', 'one')).toBe(403);
  expect(await guess('dora', 'two')).toBe(403);
  const heard = digest.registers.length;
  expect(await guess('dora', 'three')).toBe(503);
  // The REGISTER that was challenged, not its answer.
  expect(digest.registers.length).toBe(heard + 1);
  expect(await guess('erik', 'erik-demo')).toBe(200);
  expect((await owner.register()).statusCode).toBe(200);
  expect(await edge.tryService(owner.wic)).toBe(200);
  await owner.wic.close();
  await edge.stop();
});

import { VirtualClock } from '@wicgate/sip/testing';
import { expect, it } from 'vitest';
import { DigestEdge } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import { FailedAuthentications } from './failed-authentications.ts';

it('[O.3.1.1] an address that is refused too often in one name has to wait; other names and addresses do not', () => {
  const clock = new VirtualClock();
  const failed = new FailedAuthentications({ clock, allowed: 3 });
  for (let guess = 0; guess < 3; guess += 1) {
    expect(failed.mayTry('192.0.2.1', 'dora@ims.example')).toBe(true);
    failed.count('192.0.2.1', 'dora@ims.example');
  }
  expect(failed.mayTry('192.0.2.1', 'dora@ims.example')).toBe(false);
  expect(failed.mayTry('192.0.2.2', 'dora@ims.example')).toBe(true);
  expect(failed.mayTry('192.0.2.1', 'erik@ims.example')).toBe(true);
  clock.advance(300_000);
  expect(failed.mayTry('192.0.2.1', 'dora@ims.example')).toBe(true);
});

it('[O.3.1.1] addresses of one IPv6 network count as one, and no number of guessers fills the memory', () => {
  const failed = new FailedAuthentications({ clock: new VirtualClock(), allowed: 1 });
  failed.count('2001:db8::1', 'dora@ims.example');
  expect(failed.mayTry('2001:db8::2', 'dora@ims.example')).toBe(false);
  for (let index = 0; index < 50_001; index += 1) failed.count('192.0.2.1', `${index}@ims.example`);
  expect(failed.size).toBe(50_000);
});

it('[O.3.1.1] guesses stop at the gateway, whatever connection they come on; the core hears of no more', async () => {
  const edge = await Edge.start({ EP_CSCF_FAILED_AUTHENTICATIONS: '2' });
  const digest = new DigestEdge(edge);
  const guess = async (name: string, password: string): Promise<number> => {
    const wic = await digest.connect(name, { password });
    const { statusCode } = await wic.register();
    await wic.wic.close();
    return statusCode;
  };
  expect(await guess('dora', 'one')).toBe(403);
  expect(await guess('dora', 'two')).toBe(403);
  const heard = digest.registers.length;
  expect(await guess('dora', 'dora-demo')).toBe(503);
  // The REGISTER that was challenged, not its answer.
  expect(digest.registers.length).toBe(heard + 1);
  expect(await guess('erik', 'erik-demo')).toBe(200);
  await edge.stop();
});

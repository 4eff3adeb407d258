import { beforeEach, describe, expect, it } from 'vitest';
import { createRequest, type RequestShape } from '../testing/memory-element.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { MergedRequests } from './merged-requests.ts';

let clock: VirtualClock;
let merged: MergedRequests;
beforeEach(() => {
  clock = new VirtualClock();
  merged = new MergedRequests({ clock, maxRequests: 3 });
});
const inspect = (method: string, shape?: RequestShape): number | undefined =>
  merged.inspect(createRequest(method, shape))?.statusCode;

describe('MergedRequests', () => {
  it('[RFC 3261 8.2.2.2] 482 for the same From tag, Call-ID and CSeq by another way', () => {
    expect(inspect('INVITE')).toBeUndefined();
    expect(inspect('INVITE', { branch: ';branch=z9hG4bK2' })).toBe(482);
    expect(inspect('INVITE', { branch: ';branch=z9hG4bK3', from: '"A" <sip:a@b>;x=y;tag=1' })).toBe(482);
  });

  it.each([
    { difference: 'another From tag', shape: { from: '<sip:a@b>;tag=2' } },
    { difference: 'another Call-ID', shape: { callId: 'other' } },
    { difference: 'another CSeq number', shape: { cseq: 2 } },
    { difference: 'a To tag: it is in a dialog', shape: { to: '<sip:b@c>;tag=us' } },
  ])('[RFC 3261 8.2.2.2] nothing against $difference', ({ shape }) => {
    inspect('INVITE');
    expect(inspect('INVITE', shape)).toBeUndefined();
  });

  it.each(['ACK', 'CANCEL', 'MESSAGE'])('[RFC 3261 8.2.2.2] nothing against %s', (method) => {
    inspect('INVITE');
    expect(inspect(method)).toBeUndefined();
  });

  it('[RFC 3261 8.2.2.2] forgets after 64*T1, without a timer', () => {
    inspect('INVITE');
    clock.advance(31_999);
    expect(inspect('INVITE')).toBe(482);
    clock.advance(1);
    expect(inspect('INVITE')).toBeUndefined();
    expect([merged.size, clock.pending]).toEqual([1, 0]);
  });

  it('[RFC 3261 8.2.2.2] remembers the latest ones only', () => {
    for (const cseq of [1, 2, 3, 4]) expect(inspect('INVITE', { cseq })).toBeUndefined();
    expect(merged.size).toBe(3);
    expect(inspect('INVITE', { cseq: 4 })).toBe(482);
    expect(inspect('INVITE', { cseq: 1 })).toBeUndefined();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import { createRequest, MemoryElement, namesOf } from '../testing/memory-element.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import { answerCancel } from './answer-cancel.ts';

let element: MemoryElement;
let ours: MemoryFlow;
beforeEach(() => {
  element = new MemoryElement();
  [ours] = element.connect('TCP');
});

/** Takes in a CANCEL and answers it; whether an INVITE was given up. */
function cancel(): boolean {
  element.layer.receive(createRequest('CANCEL'), ours);
  const transaction = element.transactions.at(-1);
  if (transaction === undefined) throw new TypeError('expected a transaction');
  return answerCancel(element.layer, transaction, 'us') !== undefined;
}

/** Takes in a request and answers it, unless `statusCode` is undefined. */
function receive(method: string, statusCode?: number): void {
  element.layer.receive(createRequest(method), ours);
  const transaction = element.transactions.at(-1);
  if (statusCode !== undefined) transaction?.respond(createResponse(transaction.request, statusCode, { toTag: 'us' }));
}

describe('answerCancel', () => {
  it.each([
    { given: 'an INVITE', method: 'INVITE', statusCode: undefined, isGivenUp: true, sent: [200, 487] },
    { given: 'an INVITE that rings', method: 'INVITE', statusCode: 180, isGivenUp: true, sent: [180, 200, 487] },
    { given: 'an INVITE that was accepted', method: 'INVITE', statusCode: 200, isGivenUp: false, sent: [200, 200] },
    { given: 'an INVITE that was refused', method: 'INVITE', statusCode: 486, isGivenUp: false, sent: [486, 200] },
    { given: 'a MESSAGE', method: 'MESSAGE', statusCode: undefined, isGivenUp: false, sent: [200] },
  ])('[RFC 3261 9.2] of $given sends $sent', ({ method, statusCode, isGivenUp, sent }) => {
    receive(method, statusCode);
    expect(cancel()).toBe(isGivenUp);
    expect(namesOf(ours.sent)).toEqual(sent);
    for (const { headers } of ours.sent) expect(headers.first('To')).toContain(';tag=us');
  });

  it('[RFC 3261 9.2] of nothing is answered 481', () => {
    expect(cancel()).toBe(false);
    expect(namesOf(ours.sent)).toEqual([481]);
  });

  it('[RFC 3261 9.2] a repeated CANCEL gets the same answer again, and the INVITE no other one', () => {
    [ours] = element.connect('UDP');
    receive('INVITE');
    cancel();
    element.layer.receive(createRequest('CANCEL'), ours);
    expect(namesOf(ours.sent)).toEqual([200, 487, 200]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import { createRequest, MemoryElement, namesOf, type RequestShape } from '../testing/memory-element.ts';

let element: MemoryElement;
beforeEach(() => {
  element = new MemoryElement();
});

describe('TransactionLayer, server side', () => {
  it('[RFC 3261 17.2.3] makes one transaction of a request and its repetitions', () => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS'), ours);
    expect(element.transactions).toHaveLength(1);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
    element.layer.receive(createRequest('OPTIONS'), ours);
    expect(namesOf(ours.sent)).toEqual([200, 200]);
    expect(transaction?.response?.statusCode).toBe(200);
    element.clock.advance(32_000);
    expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
  });

  it.each([
    { difference: 'another branch', shape: { branch: ';branch=z9hG4bK2' } },
    { difference: 'another sent-by', shape: { sentBy: 'others.example' } },
    { difference: 'another port in sent-by', shape: { sentBy: 'them.example:5070' } },
  ])('[RFC 3261 17.2.3] makes another transaction for $difference', ({ shape }) => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS', shape), ours);
    expect(element.transactions).toHaveLength(2);
  });

  it('[RFC 3261 17.2.3] makes another transaction for another method with the same branch', () => {
    const [ours] = element.connect('UDP');
    for (const method of ['INVITE', 'CANCEL', 'OPTIONS', 'options']) element.layer.receive(createRequest(method), ours);
    expect(element.transactions.map(({ request }) => request.method)).toEqual([
      'INVITE',
      'CANCEL',
      'OPTIONS',
      'options',
    ]);
  });

  it('[RFC 3261 17.2.3] compares sent-by without regard to case', () => {
    const [ours] = element.connect('UDP');
    element.layer.receive(createRequest('OPTIONS'), ours);
    element.layer.receive(createRequest('OPTIONS', { sentBy: 'THEM.Example' }), ours);
    expect(element.transactions).toHaveLength(1);
  });

  describe.each([
    { peer: 'a branch of RFC 2543', branch: ';branch=1' },
    { peer: 'no branch', branch: '' },
  ])('a peer with $peer', ({ branch }) => {
    it('[RFC 3261 17.2.3] is known by Via, From, Call-ID and number', () => {
      const [ours] = element.connect('UDP');
      element.layer.receive(createRequest('OPTIONS', { branch }), ours);
      element.layer.receive(createRequest('OPTIONS', { branch }), ours);
      expect(element.transactions).toHaveLength(1);
      const others: readonly RequestShape[] = [
        { to: '<sip:b@c>;tag=other' },
        { callId: 'other' },
        { cseq: 2 },
        { from: '<sip:a@b>;tag=2' },
      ];
      for (const shape of others) element.layer.receive(createRequest('OPTIONS', { branch, ...shape }), ours);
      const elsewhere = { ...createRequest('OPTIONS', { branch }), requestUri: 'sip:b@d' };
      element.layer.receive(elsewhere, ours);
      expect(element.transactions).toHaveLength(6);
    });

    it('[RFC 3261 17.2.3] acknowledges nothing with the tag of another response', () => {
      const [ours] = element.connect('UDP');
      element.layer.receive(createRequest('INVITE', { branch }), ours);
      const [transaction] = element.transactions;
      transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
      element.layer.receive(createRequest('ACK', { branch, to: '<sip:b@c>;tag=y' }), ours);
      expect(element.acks).toHaveLength(1);
      element.clock.advance(500);
      expect(namesOf(ours.sent)).toEqual([486, 486]);
    });

    it('[RFC 3261 17.2.3] acknowledges a refusal', () => {
      const [ours] = element.connect('UDP');
      element.layer.receive(createRequest('INVITE', { branch }), ours);
      const [transaction] = element.transactions;
      transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
      element.layer.receive(createRequest('ACK', { branch, to: '<sip:b@c>;tag=x' }), ours);
      element.clock.advance(4_999);
      expect([namesOf(ours.sent), element.acks, element.layer.size]).toEqual([[486], [], 1]);
      element.clock.advance(1);
      expect([element.layer.size, element.clock.pending]).toEqual([0, 0]);
    });
  });

  it('[RFC 3261 17.2.1] takes the ACK of a refusal into the INVITE transaction', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK'), ours);
    element.clock.advance(0);
    expect([element.acks, element.layer.size, element.clock.pending]).toEqual([[], 0, 0]);
  });

  it.each([
    { source: 'RFC 3261 13.2.2.4, with a branch of its own', shape: { branch: ';branch=z9hG4bKack' } },
    { source: 'RFC 6026 7.1, with the branch of the INVITE', shape: {} },
  ])('[RFC 3261 17] hands the ACK of a 2xx to the user: $source', ({ shape }) => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK', shape), ours);
    element.layer.receive(createRequest('INVITE'), ours);
    expect([namesOf(element.acks), element.transactions.length, namesOf(ours.sent)]).toEqual([['ACK'], 1, [200]]);
  });

  it('[RFC 3261 17.2.3] never makes a transaction of an ACK', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('ACK'), ours);
    expect([element.layer.size, element.acks.length]).toEqual([0, 1]);
  });

  it('[RFC 3261 9.2] finds the INVITE that a CANCEL means', () => {
    const [ours] = element.connect('TCP');
    for (const method of ['INVITE', 'CANCEL']) element.layer.receive(createRequest(method), ours);
    const [invite, cancel] = element.transactions;
    expect(cancel && element.layer.findInvite(cancel.request)).toBe(invite);
  });

  it.each([
    { difference: 'another branch', shape: { branch: ';branch=z9hG4bK2' } },
    { difference: 'another sent-by', shape: { sentBy: 'others.example' } },
  ])('[RFC 3261 9.2] finds no INVITE for a CANCEL with $difference', ({ shape }) => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    element.layer.receive(createRequest('CANCEL', shape), ours);
    const cancel = element.transactions[1]?.request ?? createRequest('CANCEL');
    expect(element.layer.findInvite(cancel)).toBeUndefined();
  });

  it('[RFC 3261 9.2] finds what a CANCEL meets, though it be no INVITE', () => {
    const [ours] = element.connect('TCP');
    for (const method of ['MESSAGE', 'CANCEL']) element.layer.receive(createRequest(method), ours);
    const [message, cancel] = element.transactions;
    expect(cancel && element.layer.findInvite(cancel.request)).toBeUndefined();
    expect(cancel && element.layer.findCancelled(cancel.request)).toBe(message);
    expect(element.layer.findCancelled(createRequest('CANCEL'))).toBeUndefined();
  });

  it('[RFC 3261 26.1] lets no other connection cancel, acknowledge or repeat, though it knows the branch', () => {
    const [victim] = element.connect('WSS');
    const [attacker] = element.connect('WSS');
    element.layer.receive(createRequest('INVITE'), victim);
    element.layer.receive(createRequest('CANCEL'), attacker);
    const [invite, cancel] = element.transactions;
    expect(cancel && element.layer.findInvite(cancel.request)).toBeUndefined();
    invite?.respond(createResponse(invite.request, 486, { toTag: 'x' }));
    element.layer.receive(createRequest('ACK'), attacker);
    element.layer.receive(createRequest('INVITE'), attacker);
    expect(namesOf(victim.sent)).toEqual([486]);
    expect(attacker.sent).toEqual([]);
    element.clock.advance(200);
    expect(namesOf(attacker.sent)).toEqual([100]);
  });

  it('[RFC 3261 21.5.4] answers 503 when too many transactions live, and works on when they have ended', async () => {
    element = new MemoryElement(2);
    const [ours] = element.connect('TCP');
    for (const cseq of [1, 2, 3]) {
      element.layer.receive(createRequest('OPTIONS', { branch: `;branch=z9hG4bK${cseq}`, cseq }), ours);
    }
    await element.clock.run(0);
    expect([element.transactions.length, namesOf(ours.sent)]).toEqual([2, [503]]);
    expect(ours.sent[0]?.headers.first('Retry-After')).toBe('5');
    for (const transaction of element.transactions) transaction.respond(createResponse(transaction.request, 200));
    element.clock.advance(0);
    element.layer.receive(createRequest('OPTIONS', { branch: ';branch=z9hG4bK4' }), ours);
    expect(element.transactions).toHaveLength(3);
  });

  it('[RFC 3261 9.2] expects repetitions, ACKs and the CANCEL of an INVITE, and nothing new', () => {
    const [ours] = element.connect('UDP');
    const [connection] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    for (const method of ['INVITE', 'ACK', 'CANCEL']) {
      expect([method, element.layer.isExpected(createRequest(method), ours)]).toEqual([method, true]);
      const other = createRequest(method, { branch: ';branch=z9hG4bK2' });
      expect([method, element.layer.isExpected(other, ours)]).toEqual([method, false]);
      expect([method, element.layer.isExpected(createRequest(method), connection)]).toEqual([method, false]);
    }
    expect(element.layer.isExpected(createRequest('OPTIONS'), ours)).toBe(false);
  });

  it('[RFC 3261 17.2.4] tells the user that no ACK came', () => {
    const [ours] = element.connect('TCP');
    element.layer.receive(createRequest('INVITE'), ours);
    const [transaction] = element.transactions;
    transaction?.respond(createResponse(transaction.request, 486, { toTag: 'x' }));
    element.clock.advance(32_000);
    expect([element.serverEvents, element.layer.size]).toEqual([[{ type: 'timeout' }], 0]);
  });
});

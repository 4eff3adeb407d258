import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InviteExchange } from './invite-exchange.ts';

const create = (random = 0, ownsCallId = true): InviteExchange =>
  new InviteExchange({ ownsCallId, random: () => random });
const almostOne = 1 - Number.EPSILON;

describe('InviteExchange', () => {
  it('[RFC 3261 14.1] sends no INVITE while one of either end is under way', () => {
    const exchange = create();
    exchange.send();
    expect(exchange.isIdle).toBe(false);
    expect(() => exchange.send()).toThrow(TypeError);
    exchange.sentEnds();
    exchange.receive();
    expect(() => exchange.send()).toThrow(TypeError);
    exchange.answer();
    expect(exchange.isIdle).toBe(false);
    exchange.receivedEnds();
    expect(exchange.isIdle).toBe(true);
    exchange.send();
  });

  it('[RFC 3261 14.2] answers 491 to an INVITE that meets ours', () => {
    const exchange = create();
    exchange.send();
    expect(() => exchange.receive()).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_REQUEST_PENDING', statusCode: 491 }),
    );
    exchange.sentEnds();
    expect(() => exchange.receive()).not.toThrow();
  });

  it.each([
    { random: 0, retryAfterSeconds: 0 },
    { random: almostOne, retryAfterSeconds: 10 },
  ])('[RFC 3261 14.2] answers 500 with Retry-After $retryAfterSeconds to a second INVITE before the answer', (row) => {
    const exchange = create(row.random);
    exchange.receive();
    expect(() => exchange.receive()).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_INVITE_OVERLAPPED',
        statusCode: 500,
        retryAfterSeconds: row.retryAfterSeconds,
      }),
    );
    exchange.answer();
    expect(() => exchange.receive()).not.toThrow();
  });

  it.each([
    { ownsCallId: true, random: 0, ms: 2_100 },
    { ownsCallId: true, random: almostOne, ms: 4_000 },
    { ownsCallId: false, random: 0, ms: 0 },
    { ownsCallId: false, random: almostOne, ms: 2_000 },
  ])('[RFC 3261 14.1] waits $ms ms after 491, Call-ID ours: $ownsCallId', ({ ownsCallId, random, ms }) => {
    expect(create(random, ownsCallId).retryDelayMs()).toBe(ms);
  });

  it('[RFC 3261 14.1] waits a whole number of 10 ms', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(random, fc.boolean(), (value, ownsCallId) => {
        expect(create(value, ownsCallId).retryDelayMs() % 10).toBe(0);
      }),
    );
  });

  it('[RFC 3261 14.2] takes an answer or an end that nothing waits for', () => {
    const exchange = create();
    exchange.answer();
    exchange.receivedEnds();
    exchange.sentEnds();
    expect(exchange.isIdle).toBe(true);
  });

  it('[RFC 3261 14.2] the late ACK of an earlier INVITE does not end the one that waits for its answer', () => {
    const exchange = create();
    exchange.receive();
    exchange.answer();
    exchange.receive();
    exchange.acknowledged();
    expect(exchange.isIdle).toBe(false);
    expect(() => exchange.receive()).toThrow(expect.objectContaining({ statusCode: 500 }));
    exchange.answer();
    exchange.acknowledged();
    expect(exchange.isIdle).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { findUpdateObstacle, findUpdateRefusal, type UpdateSituation } from './update-rules.ts';

const free: UpdateSituation = {
  hasDialog: true,
  isAllowed: true,
  hasOffer: true,
  isOwnUnanswered: false,
  isPeerUnanswered: false,
  isOwnOfferOpen: false,
  isPeerOfferOpen: false,
  isPrackDue: false,
  needsUser: false,
};

describe('UPDATE', () => {
  it('[RFC 3311 5] goes both ways where nothing stands against it', () => {
    expect([findUpdateObstacle(free), findUpdateRefusal(free)]).toEqual([undefined, undefined]);
  });

  it.each([
    { change: { hasDialog: false }, why: 'a dialog' },
    { change: { isAllowed: false }, why: 'a far end that allows UPDATE' },
    { change: { isOwnUnanswered: true, hasOffer: false }, why: 'the last UPDATE answered' },
    { change: { isOwnOfferOpen: true }, why: 'no offer under way' },
    { change: { isPeerOfferOpen: true }, why: 'no offer under way' },
    { change: { isPrackDue: true }, why: 'the reliable response acknowledged' },
  ])('[RFC 3311 5.1] wants $why before it is sent', ({ change, why }) => {
    expect(findUpdateObstacle({ ...free, ...change })).toBe(why);
  });

  it.each([
    { change: { isOwnOfferOpen: true }, statusCode: 491 },
    { change: { isPeerOfferOpen: true }, statusCode: 500 },
    { change: { isPeerUnanswered: true, hasOffer: false }, statusCode: 500 },
    { change: { needsUser: true }, statusCode: 504 },
    { change: { hasDialog: false }, statusCode: 481 },
  ])('[RFC 3311 5.2] is refused with $statusCode where $change', ({ change, statusCode }) => {
    expect(findUpdateRefusal({ ...free, ...change })).toBe(statusCode);
  });

  it('[RFC 3311 5.1] without offer may cross any offer', () => {
    const open = { ...free, hasOffer: false, isOwnOfferOpen: true, isPeerOfferOpen: true };
    expect([findUpdateObstacle(open), findUpdateRefusal(open)]).toEqual([undefined, undefined]);
  });
});

/**
 * What the cases expect of answers.
 *
 * @module
 */
import { type DecodedMessage, findAttribute } from '@wicgate/stun';
import { outcomeOf, requiredValue } from '@wicgate/turn-client';
import { expect } from 'vitest';

/** `success` or `error 401`, of an answer that is awaited here. */
export async function expectOutcome(
  answer: Promise<DecodedMessage>,
  outcome: string | RegExp,
): Promise<DecodedMessage> {
  const message = await answer;
  expect(outcomeOf(message)).toMatch(typeof outcome === 'string' ? new RegExp(`^${outcome}$`, 'u') : outcome);
  return message;
}

/** LIFETIME of an answer, in seconds. */
export function lifetimeIn(answer: DecodedMessage): number {
  return requiredValue(answer, 'LIFETIME').readUInt32BE(0);
}

export function hasAttribute(answer: DecodedMessage, name: Parameters<typeof findAttribute>[1]): boolean {
  return findAttribute(answer, name) !== undefined;
}

/**
 * What the ISIM says, version 1: read strictly, as it comes from another origin.
 *
 * @module
 */
import type { SimAnswer } from '@wicgate/wic-sdk';
import * as v from 'valibot';

export const version = 1;

/** Opens the conversation; one end of a MessageChannel goes with it. */
export const hello = { type: 'wicgate-isim hello', version } as const;

export interface IsimIdentity {
  readonly impi: string;
  readonly impu: string;
}

export type IsimAnswer =
  | ({ readonly kind: 'identity' } & IsimIdentity)
  | SimAnswer
  | { readonly kind: 'refused'; readonly problem: string };

export type IsimMessage =
  | { readonly version: 1; readonly type: 'welcome' }
  | { readonly version: 1; readonly type: 'attention'; readonly needed: boolean }
  | { readonly version: 1; readonly type: 'answer'; readonly id: number; readonly answer: IsimAnswer };

const text = (pattern: RegExp) => v.pipe(v.string(), v.maxLength(256), v.regex(pattern));

const answer = v.variant('kind', [
  v.strictObject({
    kind: v.literal('identity'),
    impi: text(/^[^\s"\\<>@]+@[A-Za-z0-9.-]+$/u),
    impu: text(/^(?:sips?|tel):[^\s"\\<>]+$/u),
  }),
  v.strictObject({ kind: v.literal('password'), password: text(/^[A-Za-z0-9+/]{43}=$/u) }),
  v.strictObject({ kind: v.literal('synchronisation failure'), auts: text(/^[A-Za-z0-9+/]{19}=$/u) }),
  v.strictObject({ kind: v.literal('mac failure') }),
  v.strictObject({ kind: v.literal('refused'), problem: text(/^[a-z ]{1,32}$/u) }),
]);

const message = v.variant('type', [
  v.strictObject({ version: v.literal(version), type: v.literal('welcome') }),
  v.strictObject({ version: v.literal(version), type: v.literal('attention'), needed: v.boolean() }),
  v.strictObject({
    version: v.literal(version),
    type: v.literal('answer'),
    id: v.pipe(v.number(), v.integer()),
    answer,
  }),
]);

/** Undefined: no message of ours. */
export function readIsimMessage(data: unknown): IsimMessage | undefined {
  const result = v.safeParse(message, data);
  return result.success ? result.output : undefined;
}

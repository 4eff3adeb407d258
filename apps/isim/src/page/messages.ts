/**
 * What a WIC and the ISIM say to each other over a MessageChannel, version 1.
 *
 * The WIC posts a {@link Hello} to the origin of the frame with one end of the channel; everything else goes over that.
 * What comes in is untrusted: of exactly the expected shape, or nothing.
 *
 * @module
 */
import type { SimAnswer } from './card.ts';

export const version = 1;

export interface Hello {
  readonly type: 'wicgate-isim hello';
  readonly version: typeof version;
}

/** `identify` asks who is on the card, `authenticate` answers a challenge: its nonce in base64. */
export type Request =
  | { readonly version: typeof version; readonly id: number; readonly type: 'identify' }
  | { readonly version: typeof version; readonly id: number; readonly type: 'authenticate'; readonly nonce: string };

/** Why a request is not answered. */
export type Problem = 'no profile' | 'not allowed' | 'blocked' | 'storage' | 'malformed' | 'busy' | 'too late';

export type Answer =
  | { readonly kind: 'identity'; readonly impi: string; readonly impu: string }
  | SimAnswer
  | { readonly kind: 'refused'; readonly problem: Problem };

export type Message =
  | { readonly version: typeof version; readonly type: 'welcome' }
  /** Whether a person has to look at the frame. */
  | { readonly version: typeof version; readonly type: 'attention'; readonly needed: boolean }
  | { readonly version: typeof version; readonly type: 'answer'; readonly id: number; readonly answer: Answer };

const noncePattern = /^(?:[A-Za-z0-9+/]{4}){10,256}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;
const maxNonceCharacters = 1_024;

export function isHello(data: unknown): data is Hello {
  const fields = readFields(data, ['type', 'version']);
  return fields?.type === 'wicgate-isim hello' && fields.version === version;
}

/** Undefined: something else, which is not answered. */
export function readRequest(data: unknown): Request | undefined {
  const identify = readFields(data, ['id', 'type', 'version']);
  const { id, nonce, type, ...rest } = identify ?? readFields(data, ['id', 'nonce', 'type', 'version']) ?? {};
  if (rest.version !== version || !isId(id)) return undefined;
  if (identify !== undefined) return type === 'identify' ? { version, id, type } : undefined;
  return type === 'authenticate' && isNonce(nonce) ? { version, id, type, nonce } : undefined;
}

type Key = 'id' | 'nonce' | 'type' | 'version';
type Fields = Readonly<Partial<Record<Key, unknown>>>;

/** Of a plain object with these keys and no others. */
function readFields(data: unknown, keys: readonly Key[]): Fields | undefined {
  if (typeof data !== 'object' || data === null || Object.getPrototypeOf(data) !== Object.prototype) return undefined;
  const own = Object.keys(data);
  return own.length === keys.length && keys.every((key) => own.includes(key)) ? { ...data } : undefined;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31;
}

function isNonce(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxNonceCharacters && noncePattern.test(value);
}

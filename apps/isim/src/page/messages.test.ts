import { describe, expect, it } from 'vitest';
import { isHello, readRequest } from './messages.ts';

const nonce = 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=';
const authenticate = { version: 1, id: 1, type: 'authenticate', nonce };

describe('what a WIC says', () => {
  it('[X.2.3.3] is read', () => {
    expect(readRequest(authenticate)).toEqual(authenticate);
    expect(readRequest({ version: 1, id: 7, type: 'identify' })).toEqual({ version: 1, id: 7, type: 'identify' });
    expect(isHello({ type: 'wicgate-isim hello', version: 1 })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'authenticate'],
    ['null', null],
    ['an array', [authenticate]],
    ['another version', { ...authenticate, version: 2 }],
    ['another type', { ...authenticate, type: 'read K' }],
    ['a type of the prototype', { version: 1, id: 1, type: 'constructor' }],
    ['a field more', { ...authenticate, rand: 'x' }],
    ['no number', { ...authenticate, id: '1' }],
    ['a negative number', { ...authenticate, id: -1 }],
    ['a short nonce', { ...authenticate, nonce: 'AAAA' }],
    ['a nonce that is no base64', { ...authenticate, nonce: `${nonce.slice(0, -2)}*=` }],
    ['a long nonce', { ...authenticate, nonce: 'A'.repeat(1_028) }],
    ['a nonce without end', { ...authenticate, nonce: 'A'.repeat(10_000_000) }],
    ['an identify with a nonce', { ...authenticate, type: 'identify' }],
    ['an instance of something', new Map([['type', 'identify']])],
  ])('[X.2.3.3] %s is no request', (_what, data) => {
    expect(readRequest(data)).toBeUndefined();
    expect(isHello(data)).toBe(false);
  });
});

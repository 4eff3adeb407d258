import { describe, expect, it } from 'vitest';
import { headerKey, isListHeader } from './header-name.ts';

describe('headerKey', () => {
  it.each([
    // RFC 3261 20 and the IANA registry of header fields.
    ...([
      'a Accept-Contact',
      'b Referred-By',
      'c Content-Type',
      'd Request-Disposition',
      'e Content-Encoding',
    ] as const),
    ...([
      'f From',
      'i Call-ID',
      'j Reject-Contact',
      'k Supported',
      'l Content-Length',
      'm Contact',
      'n Identity-Info',
    ] as const),
    ...([
      'o Event',
      'r Refer-To',
      's Subject',
      't To',
      'u Allow-Events',
      'v Via',
      'x Session-Expires',
      'y Identity',
    ] as const),
  ])('[RFC 3261 7.3.3] knows the compact form in %s', (pair) => {
    const [compact = '', long = ''] = pair.split(' ');
    expect(headerKey(compact)).toBe(long.toLowerCase());
    expect(headerKey(compact.toUpperCase())).toBe(headerKey(long));
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'g'])(
    '[RFC 3261 7.3.1] takes an unknown name as it is: %s',
    (name) => {
      expect(headerKey(name)).toBe(name.toLowerCase());
    },
  );

  it('[RFC 3261 7.3.1] knows which fields are lists', () => {
    for (const name of ['via', 'route', 'contact', 'path', 'p-asserted-identity', 'supported'])
      expect(isListHeader(name)).toBe(true);
    for (const name of ['authorization', 'www-authenticate', 'date', 'subject', 'from', 'to'])
      expect(isListHeader(name)).toBe(false);
  });
});

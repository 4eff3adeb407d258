import type { MediaPath, Relay } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { mediaPathDetails, mediaPathText } from './media-path-text.ts';

const own: Relay = { server: 'turn.example:3478', transport: 'TCP' };
const far: Relay = { server: '198.51.100.1:50000', transport: undefined };
const unnamed: Relay = { server: undefined, transport: undefined };
const farDirect = 'Direct, as far as your browser can tell';

const rows: readonly [path: MediaPath, text: string, ownEnd: string, farEnd: string][] = [
  [{ ownRelay: undefined, farRelay: undefined }, 'Direct', 'Direct', farDirect],
  [
    { ownRelay: own, farRelay: undefined },
    'Relayed over TCP',
    'Through the relay turn.example:3478 over TCP',
    farDirect,
  ],
  [{ ownRelay: undefined, farRelay: far }, 'Relayed at the other end', 'Direct', 'Through a relay 198.51.100.1:50000'],
  [{ ownRelay: unnamed, farRelay: unnamed }, 'Relayed', 'Through the relay', 'Through a relay'],
];

describe('the way of sound and picture, in words', () => {
  it.each(rows)('[WIC] %j is %s', (path, text, ownEnd, farEnd) => {
    expect(mediaPathText(path)).toBe(text);
    expect(mediaPathDetails(path)).toMatchObject({ ownEnd, farEnd });
  });
});

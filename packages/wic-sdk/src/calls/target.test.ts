import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.ts';

const valid = [
  { target: 'bob', uri: 'sip:bob@ims.example' },
  { target: '  bob ', uri: 'sip:bob@ims.example' },
  { target: 'Bob', uri: 'sip:Bob@ims.example' },
  { target: 'bob@other.example', uri: 'sip:bob@other.example' },
  { target: 'jürgen', uri: 'sip:j%C3%BCrgen@ims.example' },
  { target: 'a;b', uri: 'sip:a%3Bb@ims.example' },
  { target: 'a%41', uri: 'sip:a%2541@ims.example' },
  { target: '1234', uri: 'sip:1234@ims.example' },
  { target: 'sip:bob@ims.example', uri: 'sip:bob@ims.example' },
  { target: 'SIP:bob@ims.example:5070;transport=ws', uri: 'sip:bob@ims.example:5070;transport=ws' },
  { target: 'tel:+49-30-123', uri: 'tel:+4930123' },
  { target: '+49 (30) 123-45', uri: 'tel:+493012345' },
];

const invalid = [
  '',
  '   ',
  '@ims.example',
  'bob@',
  'a@b@c',
  'bob smith',
  '<bob>',
  'bob"',
  'bob\r\nVia: x',
  'sips:bob@ims.example',
  'https://ims.example',
  'javascript:alert(1)',
  'sip:bob:secret@ims.example',
  'sip:bob@ims.example?Replaces=x',
  'sip:bob@ims.example;method=BYE',
  'sip:',
  'tel:',
  'tel:bob smith',
  '+',
  'bob@ims example',
  'bob@höst',
  'x'.repeat(257),
];

describe('a target', () => {
  it.each(valid)('[RFC 3261 19.1] $target is $uri', ({ target, uri }) => {
    expect(parseTarget(target, 'ims.example')).toBe(uri);
  });

  it.each(invalid)('[RFC 3261 19.1] refuses %j', (target) => {
    expect(() => parseTarget(target, 'ims.example')).toThrow(
      expect.objectContaining({ code: 'ERR_WIC_TARGET_INVALID' }),
    );
  });
});

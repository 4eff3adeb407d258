import { describe, expect, it } from 'vitest';
import { isSameUri } from './is-same-uri.ts';

const same = [
  ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
  ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
  ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
  [
    'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
    'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
  ],
  [
    'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
    'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
  ],
  ['tel:+1-201-555-0123', 'tel:+12015550123'],
  // RFC 5954 4.2: IPv6 addresses compare by their octets.
  ['sip:[2001:db8::9:1]', 'sip:[2001:DB8:0:0:0:0:9:01]'],
  ['sip:[::ffff:192.0.2.128]', 'sip:[::ffff:c000:280]'],
] as const;

const different = [
  ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
  ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
  ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
  ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
  ['sip:alice@atlanta.com', 'sips:alice@atlanta.com'],
  ['sip:alice@atlanta.com', 'sip:alice:pw@atlanta.com'],
  ['sip:atlanta.com', 'sip:alice@atlanta.com'],
  ['sip:alice@atlanta.com', 'tel:+1'],
  ['tel:7042;phone-context=a.example', 'tel:7042;phone-context=b.example'],
  ['tel:+1;isub=1', 'tel:+1'],
  ['sip:[2001:db8::9:1]', 'sip:[2001:db8::91]'],
] as const;

describe('isSameUri', () => {
  it.each(same)('[RFC 3261 19.1.4] %s is %s', (left, right) => {
    expect(isSameUri(left, right)).toBe(true);
    expect(isSameUri(right, left)).toBe(true);
  });

  it.each(different)('[RFC 3261 19.1.4] %s is not %s', (left, right) => {
    expect(isSameUri(left, right)).toBe(false);
    expect(isSameUri(right, left)).toBe(false);
  });

  it('[RFC 3261 19.1.4] refuses what is no URI', () => {
    expect(() => isSameUri('sip:a@b', 'x')).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }));
  });
});

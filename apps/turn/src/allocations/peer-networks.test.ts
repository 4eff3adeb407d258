import { describe, expect, it } from 'vitest';
import { peerNetworksSetting } from './peer-networks.ts';

describe('A list of networks', () => {
  it.each([
    { text: undefined, networks: [] },
    { text: '', networks: [] },
    { text: '192.0.2.7', networks: [['192.0.2.7', 32]] },
    {
      text: ' 10.0.0.0/8, 2001:db8::/32 ,::1',
      networks: [
        ['10.0.0.0', 8],
        ['2001:db8::', 32],
        ['::1', 128],
      ],
    },
    {
      text: '0.0.0.0/0,::/0',
      networks: [
        ['0.0.0.0', 0],
        ['::', 0],
      ],
    },
  ])('[RFC 4632 3.1] reads $text', ({ text, networks }) => {
    expect(peerNetworksSetting.parse(text)).toEqual(networks);
  });

  it.each([
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '127.0.0.01',
    '010.0.0.0/8',
    'localhost',
    'example.com/8',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/+8',
    '10.0.0.0/1e1',
    '::1/129',
    'fe80::1%lo',
    '[::1]',
    '1.2.3.4:80',
  ])('[RFC 8656 21.2.2] refuses %s, names the entry and keeps the value', (wrong) => {
    const read = peerNetworksSetting.safeParse(`192.0.2.0/24,${wrong}`);
    const message = 'entry 2: expected an IP address or a network such as 192.0.2.0/24';
    expect(read.error?.issues).toEqual([expect.objectContaining({ message })]);
  });

  it('is bounded', () => {
    const many = (count: number): string => Array.from({ length: count }, () => '192.0.2.0/24').join(',');
    expect(peerNetworksSetting.parse(many(256))).toHaveLength(256);
    expect(peerNetworksSetting.safeParse(many(257)).success).toBe(false);
  });
});

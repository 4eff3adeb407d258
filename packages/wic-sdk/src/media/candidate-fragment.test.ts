import { describe, expect, it } from 'vitest';
import { type CandidateFragment, formatFragment, parseFragment } from './candidate-fragment.ts';

const fragment: CandidateFragment = {
  iceUfrag: 'abcd',
  icePwd: 'abcdefghijklmnopqrstuvwx',
  sections: [
    {
      mid: '0',
      kind: 'audio',
      candidates: ['candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host'],
      isComplete: true,
    },
  ],
  isComplete: false,
};

const head = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
const section = 'm=audio 9 RTP/AVP 0\r\na=mid:0\r\n';

const malformed = [
  { fault: 'nothing', text: '' },
  { fault: 'no password', text: `a=ice-ufrag:abcd\r\n${section}` },
  { fault: 'a fragment name against the grammar', text: head.replace('abcd\r', 'ab cd\r') + section },
  {
    fault: 'a section without mid',
    text: `${head}m=audio 9 RTP/AVP 0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n`,
  },
  { fault: 'a candidate with control characters', text: `${head}${section}a=candidate:1\u0007\r\n` },
  { fault: 'a candidate without end', text: `${head}${section}a=candidate:${'1'.repeat(2_000)}\r\n` },
  { fault: 'too many candidates', text: head + section + 'a=candidate:1 1 udp\r\n'.repeat(101) },
  { fault: 'too many lines', text: head + section + 'a=x\r\n'.repeat(500) },
  { fault: 'too many characters', text: head + section + 'x'.repeat(40_000) },
];

describe('a fragment of candidates', () => {
  it('[RFC 8840 9] is written and read again', () => {
    const text = formatFragment(fragment);
    expect(text).toBe(
      `${head}${section}a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\na=end-of-candidates\r\n`,
    );
    expect(parseFragment(text)).toEqual(fragment);
  });

  it('[RFC 8840 4.1.3] may end the candidates for all sections', () => {
    expect(parseFragment(`${head}a=end-of-candidates\r\n${section}`)).toMatchObject({ isComplete: true });
  });

  it('[RFC 8866 5] skips lines it does not know', () => {
    expect(parseFragment(`${head}a=x\r\n${section}a=y\r\n`)?.sections[0]?.candidates).toEqual([]);
  });

  it.each(malformed)('[RFC 8840 9] refuses $fault', ({ text }) => {
    expect(parseFragment(text)).toBeUndefined();
  });
});

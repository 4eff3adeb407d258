import { decodeAddress, type Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import { alternateServersSetting } from './alternate-servers.ts';
import { Drain } from './drain.ts';

/** ERROR-CODE, and the port of the alternate server where there is one. */
function outcome(drain: Drain, family: Endpoint['family']): string {
  const { statusCode, attributes } = drain.refusalFor({ family });
  const [alternate] = attributes.map(({ value }) => decodeAddress('ALTERNATE-SERVER', value));
  return alternate === undefined ? `${statusCode}` : `${statusCode} ${alternate.family} ${alternate.port}`;
}

describe('Drain', () => {
  it('[RFC 8489 10] names the alternate servers of the client’s own family in turn', () => {
    const drain = new Drain(alternateServersSetting.parse('192.0.2.1:1,[2001:db8::1]:2,192.0.2.1:3'));
    const asked = ['IPv4', 'IPv6', 'IPv4', 'IPv4'] as const;
    const answers = asked.map((family) => outcome(drain, family));
    expect(answers[1]).toBe('300 IPv6 2');
    expect(new Set(answers)).toEqual(new Set(['300 IPv4 1', '300 IPv4 3', '300 IPv6 2']));
  });

  it('[RFC 8489 10] [RFC 8656 19] a family without an alternate server gets 508', () => {
    const drain = new Drain(alternateServersSetting.parse('192.0.2.1:1'));
    expect(outcome(drain, 'IPv6')).toBe('508');
    expect(outcome(new Drain([]), 'IPv4')).toBe('508');
  });
});

describe('TURN_ALTERNATE_SERVERS', () => {
  it.each([undefined, '', ' '])('[RFC 8489 14.15] reads %j as none', (text) => {
    expect(alternateServersSetting.parse(text)).toEqual([]);
  });

  it.each([
    'turn.example.com:3478',
    '127.1:3478',
    '192.0.2.1',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '2001:db8::1:3478',
    '[192.0.2.1]:3478',
    '[fe80::1%lo]:3478',
  ])('[RFC 8489 14.15] refuses %s, names the entry and keeps the value', (wrong) => {
    const { error } = alternateServersSetting.safeParse(`192.0.2.1:3478,${wrong}`);
    expect(error?.issues[0]?.message).toContain('entry 2: expected');
    expect(error?.issues[0]?.message).not.toContain(wrong === '192.0.2.1' ? 'nothing' : wrong);
  });

  it('is bounded', () => {
    const many = (count: number): string => Array.from({ length: count }, () => '192.0.2.1:3478').join(',');
    expect(alternateServersSetting.parse(many(64))).toHaveLength(64);
    expect(alternateServersSetting.safeParse(many(65)).success).toBe(false);
  });
});

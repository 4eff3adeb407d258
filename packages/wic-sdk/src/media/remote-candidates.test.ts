import { describe, expect, it } from 'vitest';
import type { CandidateFragment } from './candidate-fragment.ts';
import { RemoteCandidates } from './remote-candidates.ts';

const sdpOf = (ufrag: string) => `v=0\r\nm=audio 9 x 0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:pwd-${ufrag}\r\n`;

function fragmentOf(ufrag: string, numbers: readonly number[], isComplete = false): CandidateFragment {
  const candidates = numbers.map((number) => `candidate:${number} 1 udp 1 192.0.2.1 9 typ host`);
  const sections = [{ mid: '0', kind: 'audio', candidates, isComplete }];
  return { iceUfrag: ufrag, icePwd: `pwd-${ufrag}`, sections, isComplete: false };
}

function setUp() {
  const applied: string[] = [];
  const remote = new RemoteCandidates(({ candidate = '' }) => applied.push(candidate.split(' ')[0] ?? ''));
  return { applied, remote };
}

describe('candidates of the far end', () => {
  it('[RFC 8840 4.4] are applied once, however often a fragment repeats them', () => {
    const { applied, remote } = setUp();
    remote.restartFrom(sdpOf('a'));
    remote.add(fragmentOf('a', [1]));
    remote.add(fragmentOf('a', [1, 2], true));
    remote.add(fragmentOf('a', [1, 2], true));
    expect(applied).toEqual(['candidate:1', 'candidate:2', '']);
  });

  it('[RFC 8838 12] wait for their description', () => {
    const { applied, remote } = setUp();
    remote.add(fragmentOf('a', [1]));
    remote.add(fragmentOf('b', [2]));
    expect(applied).toEqual([]);
    remote.restartFrom(sdpOf('b'));
    expect(applied).toEqual(['candidate:2']);
  });

  it('[RFC 8840 4.4] with another password are another session’s', () => {
    const { applied, remote } = setUp();
    remote.restartFrom(sdpOf('a'));
    remote.add({ ...fragmentOf('a', [1]), icePwd: 'other' });
    expect(applied).toEqual([]);
  });

  it('[RFC 8445 9] wait where they are held, those in the description first, until they are released', () => {
    const { applied, remote } = setUp();
    remote.restartFrom(sdpOf('a'));
    const described = 'a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n';
    expect(remote.isNewSession(sdpOf('b'))).toBe(true);
    remote.restartFrom(`${sdpOf('b')}${described}`, { holds: true });
    remote.add(fragmentOf('b', [1, 2]));
    expect(applied).toEqual([]);
    remote.release();
    remote.add(fragmentOf('b', [2, 3]));
    expect(applied).toEqual(['candidate:1', 'candidate:2', 'candidate:3']);
  });

  it('[RFC 8445 9] that are held go with their session', () => {
    const { applied, remote } = setUp();
    remote.restartFrom(sdpOf('a'), { holds: true });
    remote.add(fragmentOf('a', [1]));
    remote.restartFrom(sdpOf('b'));
    remote.release();
    expect(applied).toEqual([]);
  });

  it('are bounded', () => {
    const { applied, remote } = setUp();
    remote.restartFrom(sdpOf('a'));
    for (let number = 0; number < 500; number += 1) remote.add(fragmentOf('a', [number]));
    expect(applied).toHaveLength(100);
    for (let number = 0; number < 500; number += 1) remote.add(fragmentOf(`other${number}`, [number]));
    remote.restartFrom(sdpOf('other499'));
    expect(applied).toHaveLength(100);
  });
});

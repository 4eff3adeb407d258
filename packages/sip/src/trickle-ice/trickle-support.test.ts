import { describe, expect, it } from 'vitest';
import { invitation } from '../testing/invitation.ts';
import { planFirstOffer, readTrickleSupport, trickleModes } from './trickle-support.ts';

describe('trickle ICE', () => {
  it.each([
    { supported: 'gruu, Trickle-ICE', recvInfo: 'foo, trickle-ice', support: 'supported' },
    { supported: 'trickle-ice', recvInfo: undefined, support: 'unsupported' },
    { supported: undefined, recvInfo: 'trickle-ice', support: 'unsupported' },
    { supported: 'gruu', recvInfo: 'foo', support: 'unsupported' },
  ])('[RFC 8840 5] Supported: $supported with Recv-Info: $recvInfo is $support', ({ supported, recvInfo, support }) => {
    let { headers } = invitation;
    if (supported !== undefined) headers = headers.with('Supported', supported);
    if (recvInfo !== undefined) headers = headers.with('Recv-Info', recvInfo);
    expect(readTrickleSupport({ ...invitation, headers })).toBe(support);
  });

  it.each([
    { target: { isProvisioned: true, isGruu: false }, plan: 'full' },
    { target: { isProvisioned: false, isGruu: true }, plan: 'ask by OPTIONS' },
    { target: { isProvisioned: false, isGruu: false }, plan: 'half' },
  ])('[RFC 8840 5] plans $plan', ({ target, plan }) => {
    expect(planFirstOffer(target)).toBe(plan);
  });

  it('[RFC 8838 16] trickles in full only with who is known to take it', () => {
    for (const modes of Object.values(trickleModes)) {
      expect([modes.supported, modes.unsupported]).toEqual(['full', 'none']);
      expect(modes.unknown).not.toBe('full');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { describeFailure } from './registration-failure.ts';

describe('a registration that failed', () => {
  it.each([
    ['refused', undefined, 'ERR_WIC_REGISTRATION_REFUSED', 'ask the operator'],
    ['refused', 'wrong credentials', 'ERR_WIC_CREDENTIALS_WRONG', 'correct the credentials'],
    ['refused', 'scheme not offered', 'ERR_WIC_SCHEME_NOT_OFFERED', 'choose another way'],
    ['refused', 'token refused', 'ERR_WIC_TOKEN_REFUSED', 'sign in'],
    ['refused', 'third party barred', 'ERR_WIC_THIRD_PARTY_BARRED', 'ask the operator'],
    ['not signed in', undefined, 'ERR_WIC_SIGNED_OUT', 'sign in'],
    ['not signed in', 'not granted', 'ERR_WIC_ACCESS_NOT_GRANTED', 'allow access'],
    ['network ended', undefined, 'ERR_WIC_NETWORK_ENDED', 'sign in'],
    ['network ended', 'expired', 'ERR_WIC_NETWORK_ENDED', 'try again'],
    ['sim unavailable', 'blocked', 'ERR_WIC_SIM_UNAVAILABLE', 'see to the SIM'],
    ['sim unavailable', 'not answering', 'ERR_WIC_SIM_UNAVAILABLE', 'try again'],
  ] as const)('[contract] %s, %s: says %s, and to %s', (reason, detail, code, remedy) => {
    expect(describeFailure(reason, detail)).toEqual({
      status: 'failed',
      reason,
      ...(detail !== undefined && { detail }),
      code,
      remedy,
    });
  });
});

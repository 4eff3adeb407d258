import { describe, expect, it } from 'vitest';
import { describeFailure } from './registration-failure.ts';

describe('a registration that failed', () => {
  it.each([
    ['refused', undefined, 'ERR_WIC_REGISTRATION_REFUSED', 'ask the operator'],
    ['refused', 'wrong credentials', 'ERR_WIC_CREDENTIALS_WRONG', 'correct the credentials'],
    ['refused', 'scheme not offered', 'ERR_WIC_SCHEME_NOT_OFFERED', 'choose another way'],
    ['not signed in', undefined, 'ERR_WIC_SIGNED_OUT', 'sign in'],
    ['network ended', undefined, 'ERR_WIC_NETWORK_ENDED', 'sign in'],
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

import { describe, expect, it } from 'vitest';
import {
  baseResult,
  baseResultCodes,
  type CxResult,
  experimentalResult,
  experimentalResultCodes,
  isSuccess,
  resultNumber,
} from './results.ts';

describe('Cx results', () => {
  it('[TS 29.229 6.2] [HSS 10] keeps the two spaces of numbers apart: equal numbers, other meanings', () => {
    expect(resultNumber(baseResult('DIAMETER_SUCCESS'))).toBe(2001);
    expect(resultNumber(experimentalResult('DIAMETER_FIRST_REGISTRATION'))).toBe(2001);
    expect(resultNumber(baseResult('DIAMETER_AUTHORIZATION_REJECTED'))).toBe(5003);
    expect(resultNumber(experimentalResult('DIAMETER_ERROR_IDENTITY_NOT_REGISTERED'))).toBe(5003);
  });

  it('[TS 29.229 6.2] [HSS 10] has no name in both spaces, so that a name alone tells the result', () => {
    const shared = Object.keys(baseResultCodes).filter((name) => name in experimentalResultCodes);
    expect(shared).toEqual([]);
  });

  it('[TS 29.229 6.2] [HSS 10] carries one kind of result, by type', () => {
    // @ts-expect-error a Result-Code has no name of 3GPP's
    const both: CxResult = { kind: 'result', name: 'DIAMETER_ERROR_USER_UNKNOWN' };
    expect(both.kind).toBe('result');
  });

  it.each<[CxResult, boolean]>([
    [baseResult('DIAMETER_SUCCESS'), true],
    [baseResult('DIAMETER_LIMITED_SUCCESS'), true],
    [experimentalResult('DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED'), true],
    [experimentalResult('DIAMETER_ERROR_USER_UNKNOWN'), false],
    [baseResult('DIAMETER_UNABLE_TO_COMPLY'), false],
  ])('[RFC 6733 7.1] tells success by the thousands: $0.name', (result, expected) => {
    expect(isSuccess(result)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { invitation } from '../testing/invitation.ts';
import { proxySessionTimerRequest, proxySessionTimerResponse } from './proxy-session-timer.ts';
import { answerSessionTimer, raiseSessionTimer, readSessionInterval, requestSessionTimer } from './session-interval.ts';

function request(...headers: readonly (readonly [string, string])[]): SipRequest {
  let all = invitation.headers;
  for (const [name, value] of headers) all = all.with(name, value);
  return { ...invitation, headers: all };
}

const response = (statusCode: number, ...headers: readonly (readonly [string, string])[]): SipResponse =>
  createResponse(invitation, statusCode, { headers });

const timer = ['Supported', 'timer'] as const;

describe('the end that asks', () => {
  it.each([
    { wish: { seconds: 1_800 }, fields: ['Session-Expires: 1800'] },
    { wish: { seconds: 90, refresher: 'uac' as const }, fields: ['Session-Expires: 90;refresher=uac'] },
    { wish: { seconds: 600, minSeconds: 90 }, fields: ['Session-Expires: 600'] },
    { wish: { seconds: 600, minSeconds: 300 }, fields: ['Session-Expires: 600', 'Min-SE: 300'] },
  ])('[RFC 4028 7.1] says $fields', ({ wish, fields }) => {
    expect(requestSessionTimer(wish).map((pair) => pair.join(': '))).toEqual(fields);
  });

  it.each([
    { minSe: '600', raised: { seconds: 600, minSeconds: 600 } },
    { minSe: '120', raised: undefined },
    { minSe: undefined, raised: undefined },
  ])('[RFC 4028 7.3] after a 422 with Min-SE $minSe asks for $raised', ({ minSe, raised }) => {
    const refusal = minSe === undefined ? response(422) : response(422, ['Min-SE', minSe]);
    expect(raiseSessionTimer({ seconds: 120 }, refusal)).toEqual(raised);
  });

  it.each([
    { value: '90;refresher=uac', interval: { seconds: 90, refreshes: true } },
    { value: '90;refresher=uas', interval: { seconds: 90, refreshes: false } },
    { value: '90', interval: { seconds: 90, refreshes: true } },
    { value: '0;refresher=uac', interval: { seconds: 90, refreshes: true } },
    { value: '1;refresher=uas', interval: { seconds: 90, refreshes: false } },
    { value: undefined, interval: undefined },
  ])('[RFC 4028 7.2] reads $value in the 2xx', ({ value, interval }) => {
    expect(readSessionInterval(value === undefined ? response(200) : response(200, ['x', value]))).toEqual(interval);
  });
});

describe('the end that answers', () => {
  it.each([
    { asked: '600', supports: true, wish: undefined, says: '600;refresher=uac', refreshes: false },
    { asked: '600;refresher=uac', supports: true, wish: { seconds: 600 }, says: '600;refresher=uac', refreshes: false },
    { asked: '600;refresher=uas', supports: true, wish: undefined, says: '600;refresher=uas', refreshes: true },
    { asked: '600', supports: false, wish: undefined, says: '600;refresher=uas', refreshes: true },
    { asked: '0', supports: false, wish: undefined, says: '90;refresher=uas', refreshes: true },
    {
      asked: '600',
      supports: true,
      wish: { seconds: 300, refresher: 'uas' as const },
      says: '300;refresher=uas',
      refreshes: true,
    },
    { asked: '600', supports: true, wish: { seconds: 1_800 }, says: '600;refresher=uac', refreshes: false },
    { asked: undefined, supports: false, wish: { seconds: 1_800 }, says: '1800;refresher=uas', refreshes: true },
    { asked: undefined, supports: true, wish: { seconds: 1_800 }, says: '1800;refresher=uac', refreshes: false },
  ])('[RFC 4028 9] answers $asked (timer supported: $supports) with $says', (row) => {
    const fields = [...(row.supports ? [timer] : []), ...(row.asked === undefined ? [] : [['x', row.asked] as const])];
    const answer = answerSessionTimer(request(...fields), row.wish);
    expect(answer?.headers).toEqual([['Session-Expires', row.says], ...(row.supports ? [['Require', 'timer']] : [])]);
    expect(answer?.interval.refreshes).toBe(row.refreshes);
  });

  it('[RFC 4028 9] never goes below Min-SE, nor above what was asked', () => {
    const asked = request(timer, ['Session-Expires', '600'], ['Min-SE', '300']);
    expect(answerSessionTimer(asked, { seconds: 120 })?.interval.seconds).toBe(300);
    expect(answerSessionTimer(asked, { seconds: 900 })?.interval.seconds).toBe(600);
    expect(answerSessionTimer(request(timer, ['Min-SE', '300']), { seconds: 120 })?.interval.seconds).toBe(300);
  });

  it('[RFC 4028 9] has none where nobody wants one', () => {
    expect(answerSessionTimer(request(timer), undefined)).toBeUndefined();
  });

  it.each([
    { asked: '89', wish: undefined, minSeconds: 90 },
    { asked: '299', wish: { seconds: 600, minSeconds: 300 }, minSeconds: 300 },
  ])('[RFC 4028 9] refuses $asked with 422, but only who understands that', ({ asked, wish, minSeconds }) => {
    expect(() => answerSessionTimer(request(timer, ['x', asked]), wish)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_SESSION_INTERVAL_TOO_SMALL', statusCode: 422, minSeconds }),
    );
    expect(answerSessionTimer(request(['x', asked]), wish)?.interval.seconds).toBe(Math.max(Number(asked), 90));
  });
});

describe('the proxy', () => {
  it.each([
    { asked: undefined, minSe: undefined, says: '1800' },
    { asked: undefined, minSe: '3600', says: '3600' },
    { asked: '900;refresher=uas', minSe: undefined, says: '900;refresher=uas' },
    { asked: '3600;refresher=uac', minSe: undefined, says: '1800;refresher=uac' },
    { asked: '3600', minSe: '2000', says: '2000' },
  ])('[RFC 4028 8.1] forwards $asked with Min-SE $minSe as $says', ({ asked, minSe, says }) => {
    const fields = [
      timer,
      ...(asked === undefined ? [] : [['Session-Expires', asked] as const]),
      ...(minSe === undefined ? [] : [['Min-SE', minSe] as const]),
    ];
    const forwarded = proxySessionTimerRequest(request(...fields), { seconds: 1_800 });
    expect(forwarded.headers.first('Session-Expires')).toBe(says);
    expect(forwarded.headers.first('Min-SE')).toBe(minSe);
  });

  it('[RFC 4028 8.1] refuses what is too short with 422, or raises it for who knows no 422', () => {
    const policy = { seconds: 1_800, minSeconds: 300 };
    expect(() => proxySessionTimerRequest(request(timer, ['x', '120']), policy)).toThrow(
      expect.objectContaining({ statusCode: 422, minSeconds: 300 }),
    );
    const raised = proxySessionTimerRequest(request(['x', '120']), policy);
    expect(['Session-Expires', 'Min-SE'].map((name) => raised.headers.first(name))).toEqual(['300', '300']);
    const strict = proxySessionTimerRequest(request(['x', '120'], ['Min-SE', '500']), policy);
    expect(['Session-Expires', 'Min-SE'].map((name) => strict.headers.first(name))).toEqual(['500', '500']);
  });

  it.each([
    { supports: true, written: undefined, says: '1800;refresher=uac', require: 'timer' },
    { supports: false, written: undefined, says: undefined, require: undefined },
    { supports: true, written: '900;refresher=uas', says: '900;refresher=uas', require: undefined },
  ])('[RFC 4028 8.2] tells the caller to refresh where the callee cannot: $says', (row) => {
    const forwarded = request(...(row.supports ? [timer] : []), ['Session-Expires', '1800']);
    const success = row.written === undefined ? response(200) : response(200, ['Session-Expires', row.written]);
    const { headers } = proxySessionTimerResponse(success, forwarded);
    expect([headers.first('Session-Expires'), headers.first('Require')]).toEqual([row.says, row.require]);
    expect(proxySessionTimerResponse(response(486), forwarded).headers.has('Session-Expires')).toBe(false);
  });
});

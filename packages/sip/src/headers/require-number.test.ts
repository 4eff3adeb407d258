import { describe, expect, it } from 'vitest';
import { formatCSeq } from './cseq.ts';
import { formatExpires } from './expires.ts';
import { formatExtTurnCred } from './ext-turn-cred.ts';
import { formatFlowTimer } from './flow-timer.ts';
import { formatHistoryInfo } from './history-info.ts';
import { formatMinSe } from './min-se.ts';
import { formatRAck } from './rack.ts';
import { formatReason } from './reason.ts';
import { requireNumber } from './require-number.ts';
import { formatRetryAfter } from './retry-after.ts';
import { formatRSeq } from './rseq.ts';
import { formatSubscriptionState } from './subscription-state.ts';
import { formatWarning } from './warning.ts';

const params = new Map<string, string>();
const state = { state: 'active', reason: undefined, retryAfterSeconds: undefined, params };

describe('a number of the caller', () => {
  it.each([
    { value: 0, text: '0' },
    { value: -0, text: '0' },
    { value: 9, text: '9' },
  ])('[RFC 3261 25.1] is written in digits: $value', ({ value, text }) => {
    expect(requireNumber(value, 'x', 9)).toBe(text);
  });

  it.each([
    { name: 'CSeq', clause: 'RFC 3261 8.1.1.5', format: (n: number) => formatCSeq({ number: n, method: 'A' }) },
    { name: 'Expires', clause: 'RFC 3261 20.19', format: formatExpires },
    {
      name: 'Retry-After',
      clause: 'RFC 3261 20.33',
      format: (n: number) => formatRetryAfter({ seconds: n, comment: undefined, params }),
    },
    {
      name: 'Warning',
      clause: 'RFC 3261 20.43',
      format: (n: number) => formatWarning({ code: n, agent: 'a', text: '' }),
    },
    { name: 'RSeq', clause: 'RFC 3262 7.1', format: formatRSeq },
    { name: 'RAck', clause: 'RFC 3262 7.2', format: (n: number) => formatRAck({ rseq: 1, cseq: n, method: 'A' }) },
    {
      name: 'Reason',
      clause: 'RFC 3326 2',
      format: (n: number) => formatReason({ protocol: 'SIP', cause: n, text: undefined, params }),
    },
    { name: 'Min-SE', clause: 'RFC 4028 5', format: (n: number) => formatMinSe({ seconds: n, params }) },
    { name: 'Flow-Timer', clause: 'RFC 5626 11.2', format: formatFlowTimer },
    {
      name: 'Subscription-State',
      clause: 'RFC 6665 8.2.3',
      format: (n: number) => formatSubscriptionState({ ...state, expiresSeconds: n }),
    },
    {
      name: 'History-Info',
      clause: 'RFC 7044 5',
      format: (n: number) => formatHistoryInfo({ displayName: undefined, uri: 'sip:a@b', params, index: [1, n] }),
    },
    {
      name: '3gpp-ext-turn-cred',
      clause: 'TS 33.203 X.5.2.2',
      format: (n: number) => formatExtTurnCred({ tid: 'a', expiresAtSeconds: n, password: 'AAAA' }),
    },
  ])('[$clause] is refused in $name where no digits could say it', ({ format }) => {
    for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => format(value)).toThrow(TypeError);
    }
    expect(format(100)).toContain('100');
  });
});

import { describe, expect, it } from 'vitest';
import { parseVia } from '../headers/via.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { sipHashKey } from './sip-hash.ts';
import { forwardStatelessly, returnStatelessly } from './stateless-proxy.ts';

const hop = { transport: 'UDP', sentBy: 'us.example:5070', key: sipHashKey('secret') };
const branchOf = (request: SipRequest): string | undefined =>
  parseVia(forwardStatelessly(request, request, hop).headers.first('Via') ?? '').params.get('branch');

describe('forwardStatelessly', () => {
  it('[RFC 3261 16.11] puts its Via on top of what is prepared', () => {
    const received = createRequest('INVITE');
    const prepared = { ...received, requestUri: 'sip:b@192.0.2.4' };
    const sent = forwardStatelessly(received, prepared, hop);
    expect(sent.requestUri).toBe('sip:b@192.0.2.4');
    expect(sent.headers.all('Via')).toHaveLength(2);
    expect(parseVia(sent.headers.first('Via') ?? '')).toMatchObject({
      transport: 'UDP',
      host: 'us.example',
      port: 5070,
    });
    expect(branchOf(received)).toMatch(/^z9hG4bK[0-9a-f]{16}$/u);
  });

  describe.each([{ branch: ';branch=z9hG4bK1' }, { branch: ';branch=1' }, { branch: '' }])(
    'by $branch',
    ({ branch }) => {
      it('[RFC 3261 16.11] gives a repetition and a CANCEL the same branch', () => {
        const [first, ...others] = ['INVITE', 'INVITE', 'CANCEL'].map((method) =>
          branchOf(createRequest(method, { branch })),
        );
        expect(others).toEqual([first, first]);
      });

      it('[RFC 3261 16.11] gives another request another branch', () => {
        const others = [
          createRequest('INVITE', { branch: ';branch=z9hG4bK2' }),
          createRequest('INVITE', { branch, sentBy: 'others.example' }),
        ];
        for (const other of others) expect(branchOf(other)).not.toBe(branchOf(createRequest('INVITE', { branch })));
      });
    },
  );

  it('[RFC 3261 16.11] knows requests of RFC 2543 by what makes them out', () => {
    const base = { branch: '' };
    const branches = [
      createRequest('INVITE', base),
      createRequest('INVITE', { ...base, to: '<sip:b@c>;tag=x' }),
      createRequest('INVITE', { ...base, from: '<sip:a@b>;tag=x' }),
      createRequest('INVITE', { ...base, callId: 'x' }),
      createRequest('INVITE', { ...base, cseq: 2 }),
      { ...createRequest('INVITE', base), requestUri: 'sip:x@c' },
    ].map(branchOf);
    expect(new Set(branches).size).toBe(branches.length);
  });

  it('[RFC 3261 16.11] tells those without the key nothing', () => {
    const received = createRequest('INVITE');
    const other = forwardStatelessly(received, received, { ...hop, key: sipHashKey('another') });
    expect(other.headers.first('Via')).not.toContain(branchOf(received));
  });
});

describe('returnStatelessly', () => {
  const received = createRequest('INVITE');
  const response = createResponse(forwardStatelessly(received, received, hop), 200, { toTag: 'b' });
  const isOwn = ({ host }: { readonly host: string }): boolean => host === 'us.example';

  it('[RFC 3261 16.11] takes its Via off', () => {
    expect(returnStatelessly(response, isOwn)?.headers.all('Via')).toEqual(received.headers.all('Via'));
  });

  it.each([
    { why: 'the top Via of another', given: createResponse(received, 200, { toTag: 'b' }) },
    { why: 'no Via below', given: { ...response, headers: response.headers.set('Via', 'SIP/2.0/UDP us.example') } },
    { why: 'no Via', given: { ...response, headers: response.headers.without('Via') } },
  ])('[RFC 3261 16.11] drops a response with $why', ({ given }) => {
    expect(returnStatelessly(given, isOwn)).toBeUndefined();
  });
});

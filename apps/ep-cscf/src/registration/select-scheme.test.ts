import { Headers } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { selection, selectScheme } from './select-scheme.ts';

const digest = 'Digest username="a@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response=""';

describe('the choice of scheme', () => {
  it('[P.3] has the order of the clause', () => {
    expect(selection.map(({ scheme, clause }) => `${scheme ?? 'no credentials'}: ${clause}`)).toEqual([
      'web credentials: TS 33.203 X.3.2.3',
      'IMS AKA: TS 33.203 X.2.3.3',
      'SIP Digest: TS 33.203 O.2.3',
      'no credentials: TS 33.203 O.2.3',
    ]);
  });

  it.each([
    ['Bearer', ['Bearer abc'], 'web credentials'],
    ['Bearer that is malformed', ['Bearer'], 'web credentials'],
    ['Bearer behind Digest', [digest, 'Bearer abc'], 'web credentials'],
    ['Bearer behind two of Digest', [digest, digest, 'Bearer abc'], 'web credentials'],
    ['Digest with AKAv2-SHA-256', [`${digest},algorithm=AKAv2-SHA-256`], 'IMS AKA'],
    ['Digest with AKAv2 in another case', [`${digest},algorithm=akav2-sha-256`], 'IMS AKA'],
    ['Digest with AKAv1', [`${digest},algorithm=AKAv1-MD5`], 'SIP Digest'],
    ['Digest with SHA-256', [`${digest},algorithm=SHA-256`], 'SIP Digest'],
    ['Digest with no algorithm', [digest], 'SIP Digest'],
    ['Digest that claims protection', [`${digest},integrity-protected="auth-done"`], 'SIP Digest'],
    ['Digest beside another scheme', ['Basic abc=', digest], 'SIP Digest'],
    ['Digest that cannot be read', ['Digest username="a",,'], undefined],
    ['another scheme', ['Basic realm="a"'], undefined],
    ['nothing', [], undefined],
  ] as const)('[P.3] of %s', (_what, values, scheme) => {
    const headers = Headers.of(...values.map((value) => ['Authorization', value] as const));
    expect(selectScheme(headers).scheme).toBe(scheme);
  });

  it('[P.3] is refused where there are several Digest credentials', () => {
    const headers = Headers.of(['Authorization', digest], ['Authorization', digest]);
    expect(() => selectScheme(headers)).toThrow(
      expect.objectContaining({ code: 'ERR_EP_CSCF_REQUEST_REFUSED', reason: 'several credentials', statusCode: 400 }),
    );
  });
});

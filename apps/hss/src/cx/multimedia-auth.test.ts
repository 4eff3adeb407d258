import type { SipAuthenticationScheme } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { sCscfName, startTestHss, subscriptionOf, type TestHss } from '../testing/test-hss.ts';

const ask = (hss: TestHss, impi: string, impu: string, scheme: SipAuthenticationScheme = 'SIP Digest') =>
  hss.cx.multimediaAuth({
    impi,
    impu,
    serverName: sCscfName,
    numberOfAuthItems: 1,
    sipAuthenticationScheme: scheme,
    sipAuthorization: undefined,
  });

describe('Authentication', () => {
  it.each([
    ['DIAMETER_ERROR_USER_UNKNOWN', 'nobody@ims.example', 'sip:alice@ims.example'],
    ['DIAMETER_ERROR_USER_UNKNOWN', 'alice@ims.example', 'sip:nobody@ims.example'],
    ['DIAMETER_ERROR_IDENTITIES_DONT_MATCH', 'alice@ims.example', 'sip:bob@ims.example'],
    ['DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED', 'alice@ims.example', 'sip:alice@ims.example'],
  ])('[TS 29.228 6.3.1] %s for %s and %s', async (name, impi, impu) => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('alice'));
    await hss.subscriptions.create(subscriptionOf('bob'));
    await expect(ask(hss, impi, impu)).resolves.toEqual({ kind: 'experimental', name });
  });

  it.each<SipAuthenticationScheme>(['Digest-AKAv1-MD5', 'SIP Digest', 'NASS-Bundled', 'Early-IMS-Security', 'Unknown'])(
    '[TS 29.228 6.3.1] has no data for %s, and stores no S-CSCF',
    async (scheme) => {
      const hss = await startTestHss();
      await hss.subscriptions.create(subscriptionOf('alice'));
      const answer = await ask(hss, 'alice@ims.example', 'sip:alice@ims.example', scheme);
      expect(answer.name).toBe('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED');
      await expect(hss.subscriptions.find('alice@ims.example')).resolves.toMatchObject({ sCscfName: undefined });
    },
  );
});

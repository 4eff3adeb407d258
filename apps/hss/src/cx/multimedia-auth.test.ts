import type { SipAuthenticationScheme } from '@wicgate/cx';
import { createHa1 } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { otherSCscfName, sCscfName, startTestHss, subscriptionOf, type TestHss } from '../testing/test-hss.ts';

const ask = (hss: TestHss, impi: string, impu: string, scheme: SipAuthenticationScheme = 'SIP Digest') =>
  hss.cx.multimediaAuth({ ...marOf(impi, impu), sipAuthenticationScheme: scheme });

const marOf = (impi: string, impu: string) =>
  ({
    impi,
    impu,
    serverName: sCscfName,
    numberOfAuthItems: 1,
    sipAuthenticationScheme: 'SIP Digest',
    sipAuthorization: undefined,
  }) as const;

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
    '[TS 29.228 6.3.1] [HSS 5] has no data for %s, and stores no S-CSCF',
    async (scheme) => {
      const hss = await startTestHss();
      await hss.subscriptions.create(subscriptionOf('alice'));
      const answer = await ask(hss, 'alice@ims.example', 'sip:alice@ims.example', scheme);
      expect(answer.name).toBe('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED');
      await expect(hss.subscriptions.find('alice@ims.example')).resolves.toMatchObject({ sCscfName: undefined });
    },
  );
});

describe('SIP Digest data', () => {
  const dora = 'dora@ims.example';
  const sip = 'sip:dora@ims.example';
  const ha1 = (hash: 'MD5' | 'SHA-256', password = 'dora-demo') =>
    createHa1(hash, { username: dora, realm: 'ims.example', password });
  const successOf = (md5: string, ...sha256: readonly string[]) => ({
    kind: 'result',
    name: 'DIAMETER_SUCCESS',
    authItems: [
      {
        scheme: 'SIP Digest',
        realm: 'ims.example',
        qop: 'auth',
        algorithm: 'MD5',
        ha1: md5,
        alternates: sha256.map((value) => ({ algorithm: 'SHA-256', ha1: value })),
      },
    ],
  });
  const start = async (digest: object = { password: 'dora-demo' }) => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('dora', { digest: digest as { password: string } }));
    return hss;
  };
  const stored = async (hss: TestHss) => {
    const subscription = await hss.subscriptions.find(dora);
    const [identity] = subscription?.identities ?? [];
    return [identity?.state, identity?.authPending, subscription?.sCscfName];
  };

  it.each<SipAuthenticationScheme>(['SIP Digest', 'Unknown'])(
    '[N.2.1.1] [TS 29.229 6.3.36] [HSS 4] to a MAR of %s',
    async (scheme) => {
      const hss = await start();
      await expect(ask(hss, dora, sip, scheme)).resolves.toEqual(successOf(ha1('MD5'), ha1('SHA-256')));
      await expect(ask(hss, dora, sip, 'Digest-AKAv1-MD5')).resolves.toMatchObject({
        name: 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED',
      });
    },
  );

  it('[TS 29.229 6.3.36] [HSS 4] of H(A1)s as they were provisioned, without the stronger where there is none', async () => {
    const md5 = 'AB'.repeat(16);
    const hss = await start({ ha1: { MD5: md5 } });
    await expect(ask(hss, dora, sip)).resolves.toEqual(successOf(md5.toLowerCase()));
    await hss.subscriptions.change(dora, { digest: { ha1: { 'MD5': md5, 'SHA-256': 'cd'.repeat(32) } } });
    await expect(ask(hss, dora, sip)).resolves.toEqual(successOf(md5.toLowerCase(), 'cd'.repeat(32)));
  });

  it('[N.2.5] of the new password, once it is changed, and none once it is taken away', async () => {
    const hss = await start();
    await hss.subscriptions.change(dora, { unregisteredServices: true });
    await expect(ask(hss, dora, sip)).resolves.toEqual(successOf(ha1('MD5'), ha1('SHA-256')));
    await hss.subscriptions.change(dora, { digest: { password: 'new' } });
    await expect(ask(hss, dora, sip)).resolves.toEqual(successOf(ha1('MD5', 'new'), ha1('SHA-256', 'new')));
    await hss.subscriptions.change(dora, { digest: null });
    await expect(ask(hss, dora, sip)).resolves.toMatchObject({ name: 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED' });
  });

  it('[TS 29.228 6.3.1] stores the S-CSCF, the last that asked, and that the outcome is to come', async () => {
    const hss = await start();
    await ask(hss, dora, sip);
    expect(await stored(hss)).toEqual(['not-registered', true, sCscfName]);
    await hss.cx.multimediaAuth({ ...marOf(dora, sip), serverName: otherSCscfName });
    expect(await stored(hss)).toEqual(['not-registered', true, otherSCscfName]);
  });

  it.each(['AUTHENTICATION_FAILURE', 'AUTHENTICATION_TIMEOUT'] as const)(
    '[N.2.2.1] [N.2.2.3] %s: nothing is to come any more, and nobody serves the user',
    async (type) => {
      const hss = await start();
      await ask(hss, dora, sip);
      await hss.sar('dora', type);
      expect(await stored(hss)).toEqual(['not-registered', false, undefined]);
    },
  );

  it('[N.2.1.1] the flag of who is registered stays as it is', async () => {
    const hss = await start();
    await ask(hss, dora, sip);
    await hss.sar('dora', 'REGISTRATION');
    await ask(hss, dora, sip);
    expect(await stored(hss)).toEqual(['registered', false, sCscfName]);
  });

  it('[TS 29.228 6.3.1] no S-CSCF, no data', async () => {
    const hss = await start();
    await expect(hss.cx.multimediaAuth({ ...marOf(dora, sip), serverName: '' })).resolves.toEqual({
      kind: 'result',
      name: 'DIAMETER_UNABLE_TO_COMPLY',
    });
    expect(await stored(hss)).toEqual(['not-registered', false, undefined]);
  });
});

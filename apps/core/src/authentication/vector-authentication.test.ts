import { parseAkaNonce } from '@wicgate/aka';
import { baseResult } from '@wicgate/cx';
import { createResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { impi, impu, item, register } from '../testing/digest-alone.ts';
import {
  byIpsec,
  byStranger,
  challengeIn,
  empty,
  nonceIn,
  overTls,
  refused,
  rowsOfAka,
  startAka as start,
  withParams,
} from '../testing/vector-alone.ts';
import { regAwaitAuthMs } from './challenges.ts';

describe('[6.1.1] the challenge of AKA', () => {
  it('[X.2.3.3] [S-CSCF 2] over TLS: the MAR says Digest-AKAv1-MD5, the 401 AKAv2-SHA-256 without CK and IK', async () => {
    const { authenticate, asked, subscriber } = start();
    const verdict = await authenticate(empty());
    expect(asked).toEqual([
      {
        impi,
        impu,
        serverName: 'sip:scscf.ims.example',
        numberOfAuthItems: 1,
        sipAuthenticationScheme: 'Digest-AKAv1-MD5',
        sipAuthorization: undefined,
      },
    ]);
    const challenge = challengeIn(verdict);
    for (const part of ['realm="ims.example"', 'qop="auth"', 'algorithm=AKAv2-SHA-256']) {
      expect(challenge).toContain(part);
    }
    expect(challenge).not.toMatch(/\b[ci]k=/u);
    const { rand, autn } = parseAkaNonce(nonceIn(verdict));
    expect([...rand, ...autn]).toEqual([...(subscriber.vectors[0]?.sipAuthenticate ?? [])]);
  });

  it.each(['no', 'yes'])(
    '[6.1.1] [TS 24.229 5.4.1.2.1A] integrity-protected %s: AKAv1-MD5, with CK and IK',
    async (protection) => {
      const { authenticate, subscriber } = start({ ...byIpsec, protection });
      const challenge = challengeIn(await authenticate(empty()));
      expect(challenge).toContain('algorithm=AKAv1-MD5');
      const [vector] = subscriber.vectors;
      const hex = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('hex');
      expect(challenge).toContain(`ck="${hex(vector?.confidentialityKey)}"`);
      expect(challenge).toContain(`ik="${hex(vector?.integrityKey)}"`);
    },
  );

  it('[P.4.2-3] of a stranger: the HSS says that the user has AKA, and no key leaves', async () => {
    const { authenticate, asked } = start(byStranger);
    const challenge = challengeIn(await authenticate(register()));
    expect(asked[0]?.sipAuthenticationScheme).toBe('Unknown');
    expect(challenge).toContain('algorithm=AKAv1-MD5');
    expect(challenge).not.toMatch(/\b[ci]k=/u);
  });

  it('[P.4.2-3] an AKA user whose P-CSCF states what belongs to SIP Digest: 403', async () => {
    const { authenticate } = start({ protection: 'tls-pending', algorithm: undefined });
    await expect(authenticate(empty())).rejects.toMatchObject({ code: 'ERR_CORE_NO_AUTHENTICATION_SCHEME' });
  });

  it('[TS 24.229 5.4.1.2.2] integrity-protected yes of who is neither registered nor challenged: 500', async () => {
    const { authenticate, registered } = start(byIpsec);
    registered.clear();
    await expect(authenticate(empty())).rejects.toMatchObject({ code: 'ERR_CORE_REGISTRATION_LOST', statusCode: 500 });
  });

  it.each([
    ['cannot', baseResult('DIAMETER_UNABLE_TO_COMPLY')],
    ['has no vector', { ...baseResult('DIAMETER_SUCCESS'), authItems: [] }],
    ['gives a password', { ...baseResult('DIAMETER_SUCCESS'), authItems: [item] }],
  ] as const)('[TS 29.228 6.3.1] an HSS that %s: 500', async (_name, answer) => {
    await expect(start(overTls, answer).authenticate(empty())).rejects.toMatchObject({ code: 'ERR_CORE_HSS_FAILED' });
  });
});

describe('[6.1.1] the answer of AKA', () => {
  it.each(rowsOfAka)(
    '[X.2.3.3] [S-CSCF 2] [S-CSCF 17] %s: XRES decides, and the network proves itself',
    async (_n, way, algorithm) => {
      const { authenticate, answerTo, client } = start(way);
      const first = empty();
      const second = answerTo(first, await authenticate(first));
      expect(second.headers.first('Authorization')).toContain(`algorithm=${algorithm}`);
      const verdict = await authenticate(second);
      expect(verdict).toMatchObject({
        kind: 'accepted',
        scheme: way === overTls ? 'IMS AKA over TLS' : 'IMS AKA',
        isTlsProtected: way === overTls,
      });
      const info = verdict.kind === 'accepted' ? (verdict.authenticationInfo ?? '') : '';
      client.confirm(second, createResponse(second, 200, { headers: [['Authentication-Info', info]] }));
      expect(() =>
        client.confirm(
          second,
          createResponse(second, 200, {
            headers: [['Authentication-Info', info.replace(/rspauth="./u, 'rspauth="x')]],
          }),
        ),
      ).toThrow();
    },
  );

  it.each(rowsOfAka)(
    '[6.1.2.1] [S-CSCF 3] [S-CSCF 7] %s: a wrong RES is refused, and no other answer counts then',
    async (_n, way) => {
      const { authenticate, answerTo, told, authentication } = start(way);
      const first = empty();
      const second = answerTo(first, await authenticate(first));
      const wrong = withParams(second, (value) =>
        value.replace(/(?<=response=")[0-9a-f]/u, (digit) => (digit === '0' ? '1' : '0')),
      );
      await expect(authenticate(wrong)).rejects.toMatchObject(refused);
      expect(told).toEqual([`${impi} AUTHENTICATION_FAILURE`]);
      expect(authentication.challenges.size).toBe(0);
      await expect(authenticate(second)).resolves.toMatchObject({ kind: 'challenge' });
    },
  );

  it('[6.1.1] [X.2.3.3] nothing of a vector is kept that was used', async () => {
    const { authenticate, answerTo, authentication } = start();
    const first = empty();
    const second = answerTo(first, await authenticate(first));
    expect(authentication.challenges.find(impi)?.data).toHaveProperty('item.confidentialityKey');
    await authenticate(second);
    expect(authentication.challenges.find(impi)).toMatchObject({ state: 'spent', data: { item: undefined } });
  });

  it.each(rowsOfAka)('[6.1.1] [S-CSCF 2] %s: a vector serves once, whatever its nonce count', async (_n, way) => {
    const { authenticate, answerTo, authentication, client, subscriber } = start(way);
    const first = empty();
    const second = answerTo(first, await authenticate(first));
    const verdict = await authenticate(second);
    // Before anything is carried out, and after.
    const again = await authenticate(second);
    expect(again.kind).toBe('challenge');
    const third = await authenticate(answerTo(empty(), again));
    expect(third.kind).toBe('accepted');
    if (verdict.kind === 'accepted') authentication.settle(impi, verdict);
    const refresh = client.authorize(empty());
    expect(refresh.headers.first('Authorization')).toMatch(/nc=0000000[23]/u);
    const renewed = await authenticate(refresh);
    expect(renewed.kind).toBe('challenge');
    expect(new Set(subscriber.vectors.map(({ sipAuthenticate }) => sipAuthenticate.join())).size).toBe(
      subscriber.vectors.length,
    );
    await expect(authenticate(answerTo(refresh, renewed))).resolves.toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['[6.1.2.3] after a newer REGISTER', { isChallengedAnew: true }],
    ['[TS 24.229 5.4.1.2.2] with another Call-ID', { callId: 'two' }],
    ['[TS 24.229 7.8] [S-CSCF 8] after four minutes', { lateMs: regAwaitAuthMs }],
    ['[TS 29.228 6.3.1] for another public identity', { impu: 'sip:work@ims.example' }],
  ] as const)(
    '%s the answer counts for nothing: another vector',
    async (_name, how: { isChallengedAnew?: boolean; callId?: string; lateMs?: number; impu?: string }) => {
      const { authenticate, answerTo, clock, subscriber } = start();
      const first = empty();
      const second = answerTo(first, await authenticate(first));
      if (how.isChallengedAnew === true) await authenticate(first);
      if (how.lateMs !== undefined) clock.advance(how.lateMs);
      const before = subscriber.vectors.length;
      const { callId = 'one', impu: other = impu } = how;
      await expect(authenticate(second, { callId, impu: other })).resolves.toMatchObject({ kind: 'challenge' });
      expect(subscriber.vectors.length).toBe(before + 1);
    },
  );

  it.each([
    ['an algorithm that was not offered', /algorithm=AKAv1-MD5/u, 'algorithm=MD5', undefined],
    ['no qop', /qop=auth,/u, '', undefined],
    ['another realm', /realm="ims\.example"/u, 'realm="elsewhere.example"', undefined],
    ['a digest-uri of another server', /uri="[^"]*"/u, 'uri="sip:elsewhere.example"', 400],
  ])('[RFC 7616 3.4] %s is no answer', async (_name, from, to, statusCode) => {
    const { authenticate, answerTo, asked } = start(byStranger);
    const first = empty();
    const second = withParams(answerTo(first, await authenticate(first)), (value) => value.replace(from, to));
    const sent = authenticate(second);
    if (statusCode !== undefined) {
      await expect(sent).rejects.toMatchObject({ statusCode });
      return;
    }
    await expect(sent).resolves.toMatchObject({ kind: 'challenge' });
    expect(asked).toHaveLength(2);
  });
});

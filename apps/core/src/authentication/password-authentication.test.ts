import { baseResult, experimentalResult } from '@wicgate/cx';
import { createResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import {
  challengesIn,
  impi,
  impu,
  item,
  nobody,
  register,
  startAuthentication as start,
  successWith,
} from '../testing/digest-alone.ts';
import type { AuthenticationVerdict } from './authentication.ts';
import { regAwaitAuthMs } from './challenges.ts';

const names = (verdict: AuthenticationVerdict): readonly string[] =>
  challengesIn(verdict).map(([, value]) => /algorithm=(?<name>[\w-]+)/u.exec(value)?.groups?.name ?? '');
const isStale = (verdict: AuthenticationVerdict): boolean =>
  challengesIn(verdict)[0]?.[1].includes('stale=true') ?? false;

describe('[N.2.1.1] the challenge', () => {
  it.each([
    ['SHA-256 and MD5', successWith(item), ['SHA-256', 'MD5']],
    ['MD5 where nothing else is provisioned', successWith({ ...item, alternates: [] }), ['MD5']],
    ['for nobody as for most', nobody, ['SHA-256', 'MD5']],
    ['for identities of two users', experimentalResult('DIAMETER_ERROR_IDENTITIES_DONT_MATCH'), ['SHA-256', 'MD5']],
    ['for who has no password', experimentalResult('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'), ['SHA-256', 'MD5']],
  ])('[RFC 8760 2.3] %s', async (_name, answer, expected) => {
    const { authenticate, asked } = start(answer);
    const verdict = await authenticate(register());
    expect(names(verdict)).toEqual(expected);
    for (const [name, value] of challengesIn(verdict)) {
      expect(name).toBe('WWW-Authenticate');
      expect(value).toContain('realm="ims.example"');
      expect(value).toContain('qop="auth"');
    }
    expect(asked).toEqual([
      {
        impi,
        impu,
        serverName: 'sip:scscf.ims.example',
        numberOfAuthItems: 1,
        sipAuthenticationScheme: 'Unknown',
        sipAuthorization: undefined,
      },
    ]);
  });

  it.each([
    ['[P.4.2-3] NBA', successWith({ scheme: 'NASS-Bundled', lineIdentifiers: ['1'] }), 'NBA_NOT_SUPPORTED', 403],
    ['[TS 29.228 6.3.1] an HSS that cannot', baseResult('DIAMETER_UNABLE_TO_COMPLY'), 'HSS_FAILED', 500],
    ['[TS 29.228 6.3.1] no data at all', successWith(), 'HSS_FAILED', 500],
    ['[N.2.1.1] another realm', successWith({ ...item, realm: 'elsewhere.example' }), 'HSS_FAILED', 500],
  ])('%s: %#', async (_name, answer, code, statusCode) => {
    await expect(start(answer).authenticate(register())).rejects.toMatchObject({
      code: `ERR_CORE_${code}`,
      statusCode,
    });
  });
});

describe('[N.2.1.1] [N.2.2.1] the answer', () => {
  it.each([['sip:ims.example'], ['sip:IMS.example'], ['sip:192.0.2.1:8447']])(
    '[N.2.1.1] is checked with the H(A1) that came before, digest-uri %s',
    async (uri) => {
      const { authenticate, answerTo, asked, client } = start();
      const first = register({ uri });
      const second = answerTo(first, await authenticate(first));
      const verdict = await authenticate(second);
      expect(verdict).toMatchObject({ kind: 'accepted', isTlsProtected: false });
      expect(asked).toHaveLength(1);
      const info = verdict.kind === 'accepted' ? (verdict.authenticationInfo ?? '') : '';
      expect(info).toMatch(/^qop=auth,rspauth="[0-9a-f]{64}"/u);
      client.confirm(second, createResponse(second, 200, { headers: [['Authentication-Info', info]] }));
    },
  );

  it('[RFC 7616 3.4.6] a digest-uri of another server: 400', async () => {
    const { authenticate, answerTo } = start();
    const first = register({ uri: 'sip:elsewhere.example' });
    const second = answerTo(first, await authenticate(first));
    await expect(authenticate(second)).rejects.toMatchObject({ code: 'ERR_CORE_CREDENTIALS_UNFIT', statusCode: 400 });
  });

  it.each([
    ['who exists', successWith(item)],
    ['who does not', nobody],
  ])('[N.2.2.1] a wrong one of %s: 403, after the same work', async (_name, answer) => {
    const { authenticate, answerTo, asked, told, authentication } = start(answer);
    const first = register();
    const second = answerTo(first, await authenticate(first));
    const wrong = (second.headers.first('Authorization') ?? '').replace(
      /response="[^"]*"/u,
      `response="${'0'.repeat(64)}"`,
    );
    await expect(authenticate(register({ authorization: wrong }))).rejects.toMatchObject({
      code: 'ERR_CORE_AUTHENTICATION_FAILED',
      statusCode: 403,
      reasonPhrase: 'Registration not allowed',
      headers: [],
    });
    expect(asked).toHaveLength(1);
    expect(authentication.challenges.size).toBe(0);
    expect(told).toEqual(answer === nobody ? [] : [`${impi} AUTHENTICATION_FAILURE`]);
  });

  it('[N.2.2.1] a wrong one with a nonce that nobody got harms no challenge', async () => {
    const { authenticate, answerTo, told } = start();
    const first = register();
    const challenge = await authenticate(first);
    const second = answerTo(first, challenge);
    const forged = (second.headers.first('Authorization') ?? '').replace(
      /(?<=[ ,](?:nonce|response)=")[0-9a-f]+/gu,
      ({ length }) => '0'.repeat(length),
    );
    await expect(authenticate(register({ authorization: forged }))).rejects.toMatchObject({ statusCode: 403 });
    expect(told).toEqual([]);
    await expect(authenticate(second)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['[N.2.3] of a nonce used before', { isSettled: true }],
    ['[N.2.3] the same answer twice', {}],
    ['[N.2.2.3] to a challenge that a newer one ended', { isChallengedAnew: true }],
    ['[TS 24.229 5.4.1.2.2] with another Call-ID', { callId: 'two' }],
    ['[TS 24.229 7.8] after reg-await-auth', { lateMs: regAwaitAuthMs }],
  ])(
    '%s: right, but stale',
    async (_name, how: { isSettled?: boolean; isChallengedAnew?: boolean; callId?: string; lateMs?: number }) => {
      const { authenticate, answerTo, authentication, clock } = start();
      const first = register();
      const second = answerTo(first, await authenticate(first));
      if (how.isChallengedAnew === true) await authenticate(first);
      else if (how.lateMs !== undefined) clock.advance(how.lateMs);
      else if (how.callId === undefined) await authenticate(second);
      if (how.isSettled === true) authentication.challenges.settle(impi);
      const verdict = await authenticate(second, how.callId === undefined ? {} : { callId: how.callId });
      expect(isStale(verdict)).toBe(true);
      const callId = how.callId ?? 'one';
      await expect(authenticate(answerTo(second, verdict), { callId })).resolves.toMatchObject({ kind: 'accepted' });
    },
  );

  it('[N.2.3] [N.2.1.1 NOTE 4] the next nonce count is right; H(A1) comes anew', async () => {
    const { authenticate, answerTo, authentication, client, asked } = start();
    const first = register();
    await authenticate(answerTo(first, await authenticate(first)));
    authentication.challenges.settle(impi);
    const refresh = client.authorize(register());
    expect(refresh.headers.first('Authorization')).toContain('nc=00000002');
    await expect(authenticate(refresh)).resolves.toMatchObject({ kind: 'accepted' });
    expect(asked).toHaveLength(2);
  });

  it('[TS 29.228 6.3.1] for another public identity the HSS is asked again', async () => {
    const { authenticate, answerTo, asked } = start();
    const first = register();
    const other = { impu: 'sip:work@ims.example' };
    const second = answerTo(first, await authenticate(first));
    const verdict = await authenticate(second, other);
    expect(isStale(verdict)).toBe(true);
    expect(asked).toHaveLength(2);
    await expect(authenticate(answerTo(second, verdict), other)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['an empty response', 'response=""'],
    ['no response', ''],
  ])('[TS 24.229 5.1.1.2] credentials with %s ask for a challenge', async (_name, response) => {
    const { authenticate } = start();
    const params = `username="${impi}",realm="ims.example",nonce="",uri="sip:ims.example"`;
    const authorization = `Digest ${params}${response === '' ? '' : `,${response}`}`;
    expect(names(await authenticate(register({ authorization })))).toEqual(['SHA-256', 'MD5']);
  });

  it.each([
    ['an algorithm that was not offered', /algorithm=SHA-256/u, 'algorithm=SHA-512-256', undefined],
    ['no qop', /qop=auth,/u, '', undefined],
    ['another realm', /realm="ims\.example"/u, 'realm="elsewhere.example"', undefined],
    ['a nonce count that is none', /nc=00000001/u, 'nc=x', 400],
  ])('[RFC 7616 3.4] %s', async (_name, from, to, statusCode) => {
    const { authenticate, answerTo } = start();
    const first = register();
    const value = answerTo(first, await authenticate(first)).headers.first('Authorization') ?? '';
    expect(value).toMatch(from);
    const sent = authenticate(register({ authorization: value.replace(from, to) }));
    if (statusCode === undefined) expect(names(await sent)).toEqual(['SHA-256', 'MD5']);
    else await expect(sent).rejects.toMatchObject({ statusCode });
  });
});

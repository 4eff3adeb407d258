import type { SipRequest } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { impi, item, nobody, register, startAuthentication as start, successWith } from '../testing/digest-alone.ts';
import { regAwaitAuthMs } from './challenges.ts';

describe('[O.2.3] [O.4.3] integrity-protected', () => {
  const protectedBy = (request: SipRequest, value: string): SipRequest => {
    const authorization = `${request.headers.first('Authorization')},integrity-protected="${value}"`;
    return { ...request, headers: request.headers.set('Authorization', authorization) };
  };
  const empty = `Digest username="${impi}",realm="ims.example",nonce="",uri="sip:ims.example",response=""`;

  it.each([
    ['tls-pending', true],
    ['tls-yes', true],
    ['ip-assoc-pending', false],
  ])('[O.2.3] %s with a right answer: tls-protected is %s', async (value, isTlsProtected) => {
    const { authenticate, answerTo } = start();
    const first = register();
    const second = protectedBy(answerTo(first, await authenticate(first)), value);
    await expect(authenticate(second)).resolves.toMatchObject({ kind: 'accepted', isTlsProtected });
  });

  it.each([
    ['tls-yes', true, 'accepted'],
    ['tls-yes', false, 'challenge'],
    ['tls-pending', true, 'challenge'],
    ['tls-connected', true, 'challenge'],
    ['ip-assoc-yes', true, 'challenge'],
  ])('[O.4.3] %s without an answer, tls-protected %s: %s', async (value, isTlsProtected, kind) => {
    const { authenticate } = start();
    const request = protectedBy(register({ authorization: empty }), value);
    await expect(authenticate(request, { isTlsProtected })).resolves.toMatchObject({ kind });
  });

  it('[O.4.3] absent: challenged, whatever the registration is', async () => {
    const { authenticate } = start();
    await expect(authenticate(register(), { isTlsProtected: true })).resolves.toMatchObject({ kind: 'challenge' });
  });
});

describe('[TS 24.229 7.8] reg-await-auth', () => {
  it.each([
    ['who exists', successWith(item), [`${impi} AUTHENTICATION_TIMEOUT`]],
    ['who does not', nobody, []],
  ])('[N.2.2.3] of %s ends after four minutes and leaves nothing', async (_name, answer, expected) => {
    const { authenticate, clock, told, authentication } = start(answer);
    await authenticate(register());
    clock.advance(regAwaitAuthMs - 1);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(told).toEqual(expected);
    expect(clock.pending).toBe(0);
    expect(authentication.challenges.size).toBe(0);
  });

  it('[N.2.1.1] ends with the registration; a newer challenge starts it anew', async () => {
    const { authenticate, answerTo, clock, told, authentication } = start();
    const first = register();
    await authenticate(first);
    clock.advance(regAwaitAuthMs - 1);
    const second = answerTo(first, await authenticate(first));
    clock.advance(regAwaitAuthMs - 1);
    await authenticate(second);
    authentication.challenges.settle(impi);
    expect(clock.pending).toBe(0);
    clock.advance(regAwaitAuthMs);
    expect(told).toEqual([]);
  });

  it('[N.2.2.3] a challenge for another identity of the user ends the one before, of which the HSS is told', async () => {
    const { authenticate, clock, told } = start();
    await authenticate(register());
    await authenticate(register());
    expect(told).toEqual([]);
    await authenticate(register(), { impu: 'sip:work@ims.example' });
    expect(told).toEqual([`${impi} AUTHENTICATION_TIMEOUT`]);
    expect(clock.pending).toBe(1);
  });

  it('[RFC 3261 26.3.2.4] of more than 10,000 challenges the oldest go', async () => {
    const { authenticate, authentication, told, clock } = start();
    for (let number = 0; number <= 10_000; number += 1) await authenticate(register(), { impi: `u${number}@x` });
    expect(authentication.challenges.size).toBe(10_000);
    expect(clock.pending).toBe(10_000);
    expect(told).toEqual(['u0@x AUTHENTICATION_TIMEOUT']);
  });
});

import { parseAkaNonce } from '@wicgate/aka';
import { experimentalResult } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { impi, nobody } from '../testing/digest-alone.ts';
import {
  empty,
  nonceIn,
  overTls,
  refused,
  rowsOfAka,
  startAka as start,
  type Way,
  withParams,
} from '../testing/vector-alone.ts';

describe('[6.1.3] synchronisation', () => {
  /** A subscriber whose home network has lost count: the first challenge is too old for the ISIM. */
  async function startBehind(way: Way = overTls) {
    const alone = start(way);
    const first = empty();
    const verdict = await alone.authenticate(alone.answerTo(first, await alone.authenticate(first)));
    if (verdict.kind === 'accepted') alone.authentication.settle(impi, verdict);
    alone.subscriber.forgetSqn();
    const next = empty();
    const challenge = await alone.authenticate(next);
    const failure = alone.answerTo(next, challenge);
    expect(failure.headers.first('Authorization')).toContain('auts="');
    return { ...alone, challenge, failure };
  }

  it.each(rowsOfAka)(
    '[6.1.3] [S-CSCF 18] AUTS %s: the HSS gets RAND and AUTS, the next vector is in step',
    async (_n, way) => {
      const { authenticate, answerTo, asked, failure, challenge, subscriber, told } = await startBehind(way);
      const verdict = await authenticate(failure);
      const { rand } = parseAkaNonce(nonceIn(challenge));
      const { sipAuthorization, sipAuthenticationScheme } = asked.at(-1) ?? {};
      expect(sipAuthenticationScheme).toBe('Digest-AKAv1-MD5');
      expect(sipAuthorization).toHaveLength(30);
      expect(sipAuthorization?.slice(0, 16)).toEqual(Uint8Array.from(rand));
      expect(nonceIn(verdict)).not.toBe(nonceIn(challenge));
      await expect(authenticate(answerTo(failure, verdict))).resolves.toMatchObject({ kind: 'accepted' });
      expect(subscriber.outcomes.slice(-2)).toEqual(['synchronisation failure', 'success']);
      expect(told).toEqual([]);
    },
  );

  it('[6.1.3] [S-CSCF 18] the vector before is worth nothing then', async () => {
    const { authenticate, failure, asked } = await startBehind();
    await authenticate(failure);
    // The same AUTS again, to a challenge that is gone.
    await expect(authenticate(failure)).resolves.toMatchObject({ kind: 'challenge' });
    expect(asked.at(-1)?.sipAuthorization).toBeUndefined();
  });

  it('[6.1.3] an AUTS that follows an AUTS: 403', async () => {
    const { authenticate, failure } = await startBehind();
    const verdict = await authenticate(failure);
    const second = withParams(failure, (value) => value.replace(/nonce="[^"]*"/u, `nonce="${nonceIn(verdict)}"`));
    await expect(authenticate(second)).rejects.toMatchObject(refused);
  });

  const failureWith = (verdict: Parameters<typeof nonceIn>[0], auts: string) =>
    withParams(empty(), (value) => `${value.replace('nonce=""', `nonce="${nonceIn(verdict)}"`)},auts="${auts}"`);

  it('[6.1.3] an AUTS that is none: 400', async () => {
    const { authenticate } = start();
    const sent = authenticate(failureWith(await authenticate(empty()), 'AAAA'));
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CORE_CREDENTIALS_UNFIT', statusCode: 400 });
  });

  it('[TS 33.102 6.3.5] an AUTS for who has no AKA: one more challenge, and no more, as for who has', async () => {
    const { authenticate, asked, told } = start(overTls, nobody);
    const again = await authenticate(failureWith(await authenticate(empty()), `${'A'.repeat(19)}=`));
    expect(again.kind).toBe('challenge');
    expect(asked).toHaveLength(2);
    await expect(authenticate(failureWith(again, `${'A'.repeat(19)}=`))).rejects.toMatchObject(refused);
    expect(told).toEqual([]);
  });
});

describe('[6.1.2.2] network authentication failure', () => {
  it('[6.1.2.2] an empty response to the challenge: 403, and the HSS is told', async () => {
    const { authenticate, told } = start();
    const verdict = await authenticate(empty());
    const failure = withParams(empty(), (value) => value.replace('nonce=""', `nonce="${nonceIn(verdict)}"`));
    await expect(authenticate(failure)).rejects.toMatchObject(refused);
    expect(told).toEqual([`${impi} AUTHENTICATION_FAILURE`]);
  });

  it('[6.1.2.2] an empty response with the nonce of nobody asks for a challenge', async () => {
    const { authenticate, told } = start();
    await authenticate(empty());
    const other = withParams(empty(), (value) => value.replace('nonce=""', 'nonce="AAAA"'));
    await expect(authenticate(other)).resolves.toMatchObject({ kind: 'challenge' });
    expect(told).toEqual([]);
  });

  it.each([
    ['who does not exist', nobody],
    ['who has no AKA', experimentalResult('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED')],
  ])(
    '[6.1.2.2] [N.2.2.1] %s is challenged and refused alike, but no ISIM takes it for the network',
    async (_n, answer) => {
      const { authenticate, asked, told } = start(overTls, answer);
      const verdict = await authenticate(empty());
      expect(parseAkaNonce(nonceIn(verdict)).serverData).toHaveLength(0);
      const failure = withParams(empty(), (value) => value.replace('nonce=""', `nonce="${nonceIn(verdict)}"`));
      await expect(authenticate(failure)).rejects.toMatchObject(refused);
      expect(asked).toHaveLength(1);
      expect(told).toEqual([]);
    },
  );
});

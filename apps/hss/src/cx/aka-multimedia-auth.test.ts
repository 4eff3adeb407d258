import { DatabaseSync } from 'node:sqlite';
import { createAuts, createMilenage, decodeSqn, SoftIsim, splitSqn } from '@wicgate/aka';
import type { AkaAuthDataItem, MultimediaAuthRequest, SipAuthenticationScheme } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { decodeHexadecimal, encodeHexadecimal } from '../subscriptions/hexadecimal.ts';
import { otherSCscfName, sCscfName, startTestHss, subscriptionOf, type TestHss } from '../testing/test-hss.ts';

/** Test set 1 of TS 35.207. */
const keys = { k: '465b5ce8b199b49faa5f0a2ee238a6bc', op: 'cdc202d5123e20f62b6d676ac72cb318' };
const opc = 'cd63cb71954a9f4e48a5994e37a02baf';
const rand = '23553cbe9637a89d218ae64dae47bf35';
const milenage = createMilenage({ k: decodeHexadecimal(keys.k), opc: decodeHexadecimal(opc) });
const erik = 'erik@ims.example';
const digest = { password: 'erik-demo' };
const unable = { kind: 'result', name: 'DIAMETER_UNABLE_TO_COMPLY' };
const unsupported = { kind: 'experimental', name: 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED' };

const start = async (part: object = {}, other: object = {}): Promise<TestHss> => {
  const hss = await startTestHss();
  await hss.subscriptions.create(subscriptionOf('erik', { aka: { ...keys, amf: '8000', ...part }, ...other }));
  return hss;
};

const ask = (hss: TestHss, part: Partial<MultimediaAuthRequest> = {}) =>
  hss.cx.multimediaAuth({
    impi: erik,
    impu: 'sip:erik@ims.example',
    serverName: sCscfName,
    numberOfAuthItems: 1,
    sipAuthenticationScheme: 'Digest-AKAv1-MD5',
    sipAuthorization: undefined,
    ...part,
  });

const vectors = async (
  hss: TestHss,
  part: Partial<MultimediaAuthRequest> = {},
): Promise<readonly AkaAuthDataItem[]> => {
  const answer = await ask(hss, part);
  if (answer.name !== 'DIAMETER_SUCCESS') throw new TypeError(`expected vectors, not ${answer.name}`);
  return answer.authItems.map((item) => {
    if (item.scheme !== 'Digest-AKAv1-MD5') throw new TypeError('expected vectors of AKA');
    return item;
  });
};

/** What the vector hides from everyone but the ISIM. */
const sqnOf = ({ sipAuthenticate }: AkaAuthDataItem): number => {
  const { ak } = milenage.f2345(sipAuthenticate.subarray(0, 16));
  return decodeSqn(ak.map((octet, index) => octet ^ (sipAuthenticate[16 + index] ?? 0)));
};

const storedSqn = async (hss: TestHss) => (await hss.subscriptions.find(erik))?.akaCredential?.sqn;
const randAnd = (auts: Uint8Array): Uint8Array => Uint8Array.from([...decodeHexadecimal(rand), ...auts]);
const expectNoneUsed = async (hss: TestHss) => expect(await storedSqn(hss)).toBe(0);

describe('AKA vectors', () => {
  it.each([
    ['OP', { op: keys.op }],
    ['OPc', { opc }],
  ])('[6.1.1] [HSS 3] are those of TS 35.207 set 1, given %s; RAND|AUTN has 32 octets', async (_name, part) => {
    const hss = await startTestHss(undefined, { randomOctets: () => decodeHexadecimal(rand) });
    const aka = { k: keys.k, amf: 'B9B9', sqn: 'ff9bb4d0b5e6', ...(part as { opc: string }) };
    await hss.subscriptions.create(subscriptionOf('erik', { aka }));
    await expect(vectors(hss)).resolves.toEqual([
      {
        scheme: 'Digest-AKAv1-MD5',
        sipAuthenticate: decodeHexadecimal(`${rand}55f328b43577b9b94a9ffac354dfafb3`),
        sipAuthorization: decodeHexadecimal('a54211d5e3ba50bf'),
        confidentialityKey: decodeHexadecimal('b40ba9a3c58b2a05bbf0d987b21bf8cb'),
        integrityKey: decodeHexadecimal('f769bcd751044604127672711c6d3441'),
      },
    ]);
  });

  it('[6.1.1] [HSS 3] are taken by the ISIM one after the other, each with a RAND of its own', async () => {
    const hss = await start();
    const isim = new SoftIsim({
      keys: { k: decodeHexadecimal(keys.k), opc: decodeHexadecimal(opc) },
      store: { load: async () => undefined, save: async () => undefined },
    });
    const items = [...(await vectors(hss, { numberOfAuthItems: 3 })), ...(await vectors(hss))];
    for (const { sipAuthenticate, sipAuthorization } of items) {
      const answer = await isim.authenticate(sipAuthenticate.subarray(0, 16), sipAuthenticate.subarray(16));
      expect(answer).toMatchObject({ res: sipAuthorization });
    }
    const rands = items.map(({ sipAuthenticate }) => encodeHexadecimal(sipAuthenticate.subarray(0, 16)));
    expect(new Set(rands).size).toBe(4);
  });

  it.each([
    [1, 1],
    [3, 3],
    [5, 5],
    [6, 5],
    [1e9, 5],
    [0, 1],
    [-1, 1],
    [Number.NaN, 1],
    [1.5, 1],
  ])(
    '[6.1.1] [TS 29.228 6.3.1] to SIP-Number-Auth-Items %d are %d, in the order of their numbers',
    async (wanted, given) => {
      const hss = await start({ sqn: '000000000400' });
      const seqs = (await vectors(hss, { numberOfAuthItems: wanted })).map((item) => splitSqn(sqnOf(item)).seq);
      expect(seqs).toEqual(Array.from({ length: given }, (_, index) => 33 + index));
    },
  );

  it('[6.1.1] [HSS 3] SQN rises with each, and none comes twice, however close requests come and over a restart', async () => {
    const before = await start();
    const first = (await Promise.all(Array.from({ length: 8 }, () => vectors(before)))).flat().map(sqnOf);
    await before.stop();
    const hss = await startTestHss(before.file);
    const seqs = [...first, ...(await vectors(hss)).map(sqnOf)].map((sqn) => splitSqn(sqn).seq);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('[6.1.1] [HSS 3] leave only once their number is stored', async () => {
    const hss = await start();
    const other = new DatabaseSync(hss.file);
    other.exec("create trigger full before update on subscription begin select raise(abort, 'disk full'); end");
    await expect(ask(hss)).resolves.toEqual(unable);
    other.exec('drop trigger full');
    other.close();
    expect((await vectors(hss)).map((item) => splitSqn(sqnOf(item)).seq)).toEqual([1]);
  });

  it('[6.1.1] [HSS 3] are no more once the last number is used: it does not wrap', async () => {
    const hss = await start({ sqn: 'ffffffffffe0' });
    await expect(ask(hss)).resolves.toEqual(unable);
    await expect(hss.subscriptions.find(erik)).resolves.toMatchObject({ sCscfName: undefined });
    expect(hss.log.join('')).toContain('ERR_AKA_SQN_EXHAUSTED');
  });

  it('[6.1.1] make the S-CSCF that asks the one of the user, about to be registered', async () => {
    const hss = await start();
    await ask(hss, { serverName: otherSCscfName });
    await ask(hss);
    await expect(hss.subscriptions.find(erik)).resolves.toMatchObject({
      sCscfName,
      identities: [{ state: 'not-registered', authPending: true }],
    });
    await hss.sar('erik', 'REGISTRATION');
    await ask(hss);
    await expect(hss.subscriptions.find(erik)).resolves.toMatchObject({
      identities: [{ state: 'registered', authPending: false }],
    });
  });
});

describe('Resynchronisation', () => {
  it('[6.1.3] [HSS 3] goes on after the number of the ISIM, once f1* has proven AUTS', async () => {
    const hss = await start();
    await ask(hss);
    const sqnMs = 4_000_000_000 * 32 + 7;
    const sipAuthorization = randAnd(createAuts(milenage, decodeHexadecimal(rand), sqnMs));
    const items = await vectors(hss, { sipAuthorization, numberOfAuthItems: 2 });
    expect(items.map((item) => splitSqn(sqnOf(item)).seq)).toEqual([4_000_000_001, 4_000_000_002]);
    expect(await storedSqn(hss)).toBe(sqnOf(items[1] as AkaAuthDataItem));
  });

  it('[6.1.3] [HSS 3] is not taken for a wrong MAC-S: new vectors go on from the own number, and the log says so', async () => {
    const hss = await start();
    await ask(hss);
    const auts = createAuts(milenage, decodeHexadecimal(rand), 4_000_000_000 * 32);
    auts[13] = (auts[13] ?? 0) ^ 1;
    const items = await vectors(hss, { sipAuthorization: randAnd(auts) });
    expect(items.map((item) => splitSqn(sqnOf(item)).seq)).toEqual([2]);
    expect(hss.log.filter((line) => line.includes('aka.auts-rejected'))).toHaveLength(1);
    expect(hss.log.join('')).not.toContain('erik');
  });

  it('[6.1.3] [HSS 3] does not go back by an AUTS that somebody kept', async () => {
    const hss = await start({ sqn: '000000010000' });
    await ask(hss);
    const sipAuthorization = randAnd(createAuts(milenage, decodeHexadecimal(rand), 32));
    const items = await vectors(hss, { sipAuthorization });
    expect(items.map((item) => splitSqn(sqnOf(item)).seq)).toEqual([2050]);
  });

  it.each([0, 16, 29, 31])('[6.1.3] refuses a SIP-Authorization of %i octets, and changes nothing', async (octets) => {
    const hss = await start();
    await hss.sar('erik', 'REGISTRATION');
    await expect(ask(hss, { sipAuthorization: new Uint8Array(octets) })).resolves.toEqual(unable);
    await expectNoneUsed(hss);
  });

  it('[6.1.3] [TS 29.228 8.1] is for the S-CSCF that sent the challenge; another one changes nothing', async () => {
    const hss = await start();
    await hss.sar('erik', 'REGISTRATION');
    const sipAuthorization = randAnd(createAuts(milenage, decodeHexadecimal(rand), 64));
    await expect(ask(hss, { sipAuthorization, serverName: otherSCscfName })).resolves.toEqual(unable);
    await expectNoneUsed(hss);
    await expect(hss.subscriptions.find(erik)).resolves.toMatchObject({ sCscfName });
  });
});

describe('Scheme', () => {
  const schemeOf = async (hss: TestHss, part: Partial<MultimediaAuthRequest>) => {
    const answer = await ask(hss, part);
    return answer.name === 'DIAMETER_SUCCESS' ? answer.authItems.map(({ scheme }) => scheme) : answer;
  };

  it.each<[string, SipAuthenticationScheme, object, string]>([
    ['who has an ISIM alone', 'Unknown', {}, 'Digest-AKAv1-MD5'],
    ['who has both, AKA being ruled out already', 'Unknown', { digest }, 'SIP Digest'],
    ['who has both', 'SIP Digest', { digest }, 'SIP Digest'],
    ['who has both', 'Digest-AKAv1-MD5', { digest }, 'Digest-AKAv1-MD5'],
  ])('[P.4.2] [TS 29.228 6.3.1] %s, asked for %s', async (_who, sipAuthenticationScheme, other, expected) => {
    const hss = await start({}, other);
    await expect(schemeOf(hss, { sipAuthenticationScheme })).resolves.toEqual([expected]);
  });

  it('[6.1.3] of AUTS is AKA, where the S-CSCF leaves it open', async () => {
    const hss = await start({}, { digest });
    await ask(hss);
    const sipAuthorization = randAnd(createAuts(milenage, decodeHexadecimal(rand), 64));
    const asked = { sipAuthenticationScheme: 'Unknown', sipAuthorization } as const;
    await expect(schemeOf(hss, asked)).resolves.toEqual(['Digest-AKAv1-MD5']);
  });

  it.each<SipAuthenticationScheme>(['SIP Digest', 'NASS-Bundled', 'Early-IMS-Security'])(
    '[TS 29.228 6.3.1] [HSS 5] %s is not for who has an ISIM alone: no number is used up, no S-CSCF stored',
    async (sipAuthenticationScheme) => {
      const hss = await start();
      await expect(ask(hss, { sipAuthenticationScheme })).resolves.toEqual(unsupported);
      await expectNoneUsed(hss);
      await expect(hss.subscriptions.find(erik)).resolves.toMatchObject({ sCscfName: undefined });
    },
  );
});

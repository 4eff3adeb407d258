/**
 * Registering as somebody else, or by one's own word (TS 33.203 X.3.1 REQ 2.4, X.3.2.3 steps 4 to 7, P.3, annex U).
 *
 * Each attack is made twice: at the eP-CSCF, and at a naive edge, where it works.
 *
 * @module
 */
import { type Edge, expect, type Stage, test } from './stage.ts';
import { vouching } from './statement.ts';
import type { Header, Wic } from './wic.ts';

interface Cast {
  /** Registered at the eP-CSCF by a token. */
  readonly victim: Wic;
  /** A subscriber with a second public identity, `<user>.work`. */
  readonly mallory: string;
}

interface Attack {
  readonly tags: string;
  readonly name: string;
  /** Credentials of Mallory's own; undefined where she has none. */
  readonly proof: ((stage: Stage, cast: Cast) => string) | undefined;
  readonly headers: (cast: Cast) => readonly Header[];
  /** At the eP-CSCF: the status, and the close code of the WebSocket where it is closed. */
  readonly refused: readonly [status: number, closeCode?: number];
  /** At the naive edge: 200, or the status that shows that the core has believed it. */
  readonly believed: number;
}

const impiOf = ({ user }: Wic): string => `${user}@ims.example`;
const as = (user: string): readonly Header[] => [
  ['To', `<sip:${user}@ims.example>`],
  ['From', `<sip:${user}@ims.example>;tag=mallory`],
];
const ownToken = (stage: Stage, { mallory }: Cast): string => stage.bearer(mallory);
const everything: readonly Header[] = [
  ['Contact', '*'],
  ['Expires', '0'],
];

const tokens: readonly Attack[] = [
  {
    tags: '[REQ 2.4] [eP-CSCF 9]',
    name: 'To and From of another identity of the same subscription',
    proof: ownToken,
    headers: ({ mallory }) => as(`${mallory}.work`),
    refused: [403, 1_008],
    believed: 200,
  },
  {
    tags: '[REQ 2.4] [eP-CSCF 9] [eP-CSCF 10]',
    name: 'To, From and user name of another subscriber, beside a token of one’s own,',
    proof: ownToken,
    headers: ({ victim }) => [...as(victim.user), ['Authorization', vouching(impiOf(victim))]],
    refused: [403, 1_008],
    believed: 200,
  },
  {
    tags: '[REQ 2.4] [X.3.2.3-7]',
    name: 'deregistering all contacts of somebody else',
    proof: ownToken,
    headers: ({ victim }) => [...as(victim.user), ...everything, ['Authorization', vouching(impiOf(victim))]],
    refused: [403, 1_008],
    believed: 200,
  },
  {
    tags: '[REQ 2.4] [X.3.2.3-7]',
    name: 'deregistering the contact of somebody else',
    proof: ownToken,
    headers: ({ victim }) => [
      ...as(victim.user),
      ['Contact', `${victim.flowContact};expires=0`],
      ['Authorization', vouching(impiOf(victim))],
    ],
    refused: [403, 1_008],
    believed: 200,
  },
];

const claims: readonly (readonly [claim: string, params: Readonly<Record<string, string>>, believed: number])[] = [
  ['integrity-protected="auth-done"', {}, 200],
  // Whom the core has no registration of by AKA: it looks for the security associations.
  ['integrity-protected="yes"', { 'integrity-protected': 'yes' }, 500],
  // Of a scheme that the algorithm does not fit.
  ['integrity-protected="tls-connected"', { 'integrity-protected': 'tls-connected', 'algorithm': 'MD5' }, 403],
  // Of somebody whose subscription allows them not.
  [
    'authorization-entity and wwsf',
    { 'authorization-entity': 'waf.partner.example', 'wwsf': 'wwsf.partner.example' },
    403,
  ],
];

const statements = claims.map(
  ([claim, params, believed]): Attack => ({
    tags: '[P.3] [eP-CSCF 2]',
    name: `${claim} of the UE’s own`,
    proof: undefined,
    headers: ({ mallory }) => [['Authorization', vouching(`${mallory}@ims.example`, params)]],
    refused: [401],
    believed,
  }),
);

for (const { tags, name, proof, headers, refused, believed } of [...tokens, ...statements]) {
  test(`${tags} ${name} is refused, and believed from a naive edge`, async ({ stage }) => {
    const [friend, victim] = [await stage.registered('friend'), await stage.registered('victim')];
    const attack = async (edge: Edge): Promise<readonly [status: number, attacker: Wic]> => {
      const mallory = await stage.subscriber('mallory', (user) => ({
        impus: ['', '.work'].map((suffix) => ({ impu: `sip:${user}${suffix}@ims.example` })),
      }));
      const cast = { victim, mallory };
      const attacker = await stage.open(mallory, edge);
      return [(await attacker.register(proof?.(stage, cast), { headers: headers(cast) })).statusCode, attacker];
    };

    const [status, attacker] = await attack('eP-CSCF');
    expect(status).toBe(refused[0]);
    if (refused[1] !== undefined) expect(await attacker.closed).toBe(refused[1]);
    expect(await stage.reach(friend, victim.user)).toBe(200);

    const [statusThere] = await attack('naive edge');
    expect(statusThere).toBe(believed);
    if (name.startsWith('deregistering')) expect(await stage.reach(friend, victim.user)).toBe(480);

    // Without the lie she is welcome.
    expect((await (await stage.open(attacker.user)).register(stage.bearer(attacker.user))).statusCode).toBe(200);
  });
}

test('[REQ 2.4] From of another identity is refused at the edge, and a naive edge leaves it to the core', async ({
  stage,
}) => {
  const mallory = await stage.subscriber('mallory');
  const headers = [['From', '<sip:alice@ims.example>;tag=mallory']] as const;
  const attacker = await stage.open(mallory);
  const atCore = ['core_requests_total'];
  const heard = await stage.operator.counted(atCore, async () => {
    expect((await attacker.register(stage.bearer(mallory), { headers })).statusCode).toBe(403);
    expect(await attacker.closed).toBe(1_008);
  });
  expect(heard).toEqual({});
  const naive = await stage.open(mallory, 'naive edge');
  const heardThen = await stage.operator.counted(atCore, async () => {
    const response = await naive.register(stage.bearer(mallory), { headers });
    expect(`${response.statusCode} ${response.reasonPhrase}`).toBe('403 From and To differ');
  });
  expect(Object.keys(heardThen)).toHaveLength(2);
});

test('[O.4.3] [eP-CSCF 2] integrity-protected="tls-yes" of the UE’s own is refused, and lets in from a naive edge', async ({
  stage,
}) => {
  const victim = await stage.registeredByPassword('victim');
  const statement = vouching(impiOf(victim), { 'integrity-protected': 'tls-yes' });
  const headers: readonly Header[] = [...as(victim.user), ['Authorization', statement]];
  const attack = async (attacker: Wic): Promise<number> => (await attacker.register(undefined, { headers })).statusCode;
  expect(await attack(await stage.open('mallory'))).toBe(401);
  expect(await attack(await stage.open('mallory', 'naive edge'))).toBe(200);
});

test('[X.3.2.3-5.2] authorization-entity and wwsf of the UE’s own beside a good token are never told, but by a naive edge', async ({
  stage,
}) => {
  const mallory = await stage.subscriber('mallory');
  const named = { 'authorization-entity': 'waf.evil.example', 'wwsf': 'wwsf.evil.example' };
  const headers = [['Authorization', vouching(`${mallory}@ims.example`, named)]] as const;
  const status = async (wic: Wic): Promise<string> => {
    const response = await wic.register(stage.bearer(mallory), { headers });
    return `${response.statusCode} ${response.reasonPhrase}`;
  };
  expect(await status(await stage.open(mallory))).toBe('200 OK');
  expect(await status(await stage.open(mallory, 'naive edge'))).toBe(
    '403 Authorization entity or web server not allowed for this subscription',
  );
});

test('[24.229 5.2.2.1] [eP-CSCF 16] Path of the UE’s own is never registered, but by a naive edge', async ({
  stage,
}) => {
  const mallory = await stage.subscriber('mallory');
  const path = '<sip:mallory@127.0.0.1:9;lr;ob>';
  const registeredPath = async (wic: Wic): Promise<readonly string[]> => {
    const response = await wic.register(stage.bearer(mallory), { headers: [['Path', path]] });
    expect(response.statusCode).toBe(200);
    return response.headers.all('Path');
  };
  const real = await registeredPath(await stage.open(mallory));
  expect(real).toHaveLength(1);
  expect(real).not.toContain(path);
  expect(await registeredPath(await stage.open(mallory, 'naive edge'))).toContain(path);
});

test('[O.4.3] [eP-CSCF 13] a REGISTER of another user over a bound connection is refused, and accepted by a naive edge', async ({
  stage,
}) => {
  const other = await stage.subscriber('other');
  const attack = async (attacker: Wic): Promise<number> =>
    (await attacker.register(stage.bearer(other), { headers: as(other) })).statusCode;
  const mallory = await stage.registered('mallory');
  expect(await attack(mallory)).toBe(403);
  expect(await mallory.closed).toBe(1_008);
  expect(await attack(await stage.registered('mallory', 'naive edge'))).toBe(200);
  expect(await attack(await stage.open(other))).toBe(200);
});

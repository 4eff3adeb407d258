import { createResponse, type ExtTurnCred, extTurnCredHeader, Headers, noBody, parseExtTurnCred } from '@wicgate/sip';
import { turnPassword } from '@wicgate/turn-credentials';
import { beforeEach, describe, expect, it } from 'vitest';
import { TurnCredentials, type TurnCredentialsOptions } from './turn-credentials.ts';
import type { TurnHolder } from './turn-holder.ts';

const secret = 'a key of at least thirty-two characters';
const holder = (name: string): TurnHolder => ({ impi: `${name}@ims.example`, token: undefined });
const [alice, bob] = [holder('alice'), holder('bob')];
/** Alice in one of her sessions at the WAF. */
const inSession = (sid: string, jti = 'jti'): TurnHolder => ({ ...alice, token: { issuer: 'https://waf', jti, sid } });
let now: number;
let turn: TurnCredentials;

beforeEach(() => {
  now = 1_700_000_000;
  turn = create();
});

function create(changes: Partial<TurnCredentialsOptions> = {}): TurnCredentials {
  return new TurnCredentials({ secret, lifetimeOf: () => 3_600, maxUsers: 3, now: () => now, ...changes });
}

/** What `whose` is given. */
function given(whose: TurnHolder): ExtTurnCred {
  return parseExtTurnCred(turn.valueFor(whose) ?? '');
}

function request(asks: boolean) {
  const headers = Headers.of(['To', '<sip:alice@ims.example>'], ...(asks ? [[extTurnCredHeader, ''] as const] : []));
  return { method: 'OPTIONS', requestUri: 'sip:ims.example', headers, body: noBody };
}

describe('TURN credentials', () => {
  it('[X.5.2.2-3] [eP-CSCF 17] are Tid:Texp:Tpwd, computed from Km, good for the set time', () => {
    const credential = given(alice);
    expect(credential.expiresAtSeconds).toBe(1_700_003_600);
    expect(credential.password).toBe(
      turnPassword(new TextEncoder().encode(secret), `${credential.tid}:${credential.expiresAtSeconds}`),
    );
  });

  it('[X.5.2.2-3] have one Tid a user, whose quota then holds however often it asks', () => {
    const first = turn.valueFor(alice);
    now += 1_800;
    expect(turn.valueFor(alice)).toBe(first);
    expect(turn.valueFor(bob)).not.toBe(first);
  });

  it('[X.5.2.2-3] are made anew when less than half of their time is left', () => {
    const first = turn.valueFor(alice);
    now += 1_801;
    const second = turn.valueFor(alice);
    expect(second).not.toBe(first);
    expect(parseExtTurnCred(second ?? '').expiresAtSeconds).toBe(now + 3_600);
    expect(turn.valueFor(alice)).toBe(second);
  });

  it('[RFC 6750 5.3] are forgotten when they have expired, and not before', () => {
    turn.valueFor(alice);
    now += 3_599;
    turn.valueFor(bob);
    expect(turn.size).toBe(2);
    now += 1;
    turn.valueFor(holder('carol'));
    expect(turn.size).toBe(2);
  });

  it('[limits] are remembered for so many users; who asked longest ago gives way', () => {
    const [first, second] = [turn.valueFor(alice), turn.valueFor(bob)];
    for (const name of ['carol', 'dave']) turn.valueFor(holder(name));
    expect(turn.size).toBe(3);
    expect(turn.valueFor(bob)).toBe(second);
    expect(turn.valueFor(alice)).not.toBe(first);
  });

  it('[X.5.2.2-3] [eP-CSCF 17] are computed with the hash that the TURN server has', () => {
    turn = create({ hash: 'sha256' });
    const { tid, expiresAtSeconds, password } = given(alice);
    const key = new TextEncoder().encode(secret);
    expect(password).toBe(turnPassword(key, `${tid}:${expiresAtSeconds}`, 'sha256'));
    expect(password).not.toBe(turnPassword(key, `${tid}:${expiresAtSeconds}`));
  });

  it('[X.5.3.1 c] [X.5.2.2-3 a] have a random Tid that names nobody', () => {
    const tids = ['alice', 'bob', 'carol'].map((name) => given(holder(name)).tid);
    expect(new Set(tids).size).toBe(3);
    for (const tid of tids) expect(tid).toMatch(/^[a-f][0-9a-f]{23}$/u);
    turn = create();
    expect(tids).not.toContain(given(alice).tid);
  });

  it('[X.5.2.2-3] are of each session at the WAF, whatever token of it, and of no other', () => {
    const first = turn.valueFor(inSession('one', 'a'));
    expect(turn.valueFor(inSession('one', 'b'))).toBe(first);
    expect(turn.valueFor(inSession('two'))).not.toBe(first);
    expect(turn.valueFor(alice)).not.toBe(first);
  });

  it('[X.5.2.2-3] are other ones after the holder is forgotten, and then no more', () => {
    const first = turn.valueFor(alice);
    turn.forget(bob);
    turn.forget(inSession('one'));
    expect(turn.valueFor(alice)).toBe(first);
    turn.forget(alice);
    const second = turn.valueFor(alice);
    expect(second).not.toBe(first);
    expect(turn.valueFor(alice)).toBe(second);
  });

  it("[X.5.2.2-3] are taken back once, with those before and those forgotten, and nobody else's", () => {
    const tids = [given(alice).tid];
    now += 1_801;
    tids.push(given(alice).tid);
    turn.forget(alice);
    tids.push(given(alice).tid);
    const kept = turn.valueFor(inSession('other'));
    const bobs = turn.valueFor(bob);
    expect(turn.take(alice.impi, ({ token }) => token === undefined).map(({ tid }) => tid)).toEqual(tids);
    expect(turn.take(alice.impi, ({ token }) => token === undefined)).toEqual([]);
    expect([turn.valueFor(inSession('other')), turn.valueFor(bob)]).toEqual([kept, bobs]);
    expect(tids).not.toContain(given(alice).tid);
  });

  it('[REQ 2.2] [X.5.2.2-3] are taken back from everybody whom it concerns, and from nobody else', () => {
    const ofPhone = given(inSession('phone'));
    const kept = [turn.valueFor(inSession('laptop')), turn.valueFor(bob)];
    const taken = turn.takeAll(({ token }) => token?.sid === 'phone');
    expect(taken).toEqual([{ tid: ofPhone.tid, expiresAtSeconds: ofPhone.expiresAtSeconds }]);
    expect(turn.takeAll(({ token }) => token?.sid === 'phone')).toEqual([]);
    expect([turn.valueFor(inSession('laptop')), turn.valueFor(bob)]).toEqual(kept);
    expect(turn.takeAll(() => true)).toHaveLength(2);
    expect(turn.size).toBe(0);
  });

  it('[X.5.2.2-3] need no revocation when they have expired, and nobody asks of whom they were', () => {
    turn.valueFor(alice);
    now += 3_600;
    const asked: TurnHolder[] = [];
    expect(turn.takeAll((whose) => asked.push(whose) > 0)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('[limits] are sixteen a user at a time: what nobody is given any more goes first, and is revoked', () => {
    const excess: string[] = [];
    turn = create({ onExcess: (gone) => excess.push(...gone.map(({ tid }) => tid)) });
    const first = given(inSession('0')).tid;
    const second = given(inSession('1')).tid;
    turn.forget(inSession('1'));
    for (let number = 2; number < 16; number += 1) turn.valueFor(inSession(String(number)));
    expect(excess).toEqual([]);
    turn.valueFor(inSession('16'));
    expect(excess).toEqual([second]);
    turn.valueFor(inSession('17'));
    expect(excess).toEqual([second, first]);
    expect(turn.take(alice.impi, () => true)).toHaveLength(16);
  });

  it('[X.5.2.1 b] are refused to whom the policy refuses them, and each kind is counted', () => {
    const kinds: string[] = [];
    const lifetimeOf = (impi: string): number | undefined => (impi === bob.impi ? undefined : 60);
    turn = create({ lifetimeOf, onIssue: (kind, impi) => kinds.push(`${kind} ${impi}`) });
    expect(given(alice).expiresAtSeconds).toBe(now + 60);
    expect(turn.valueFor(bob)).toBeUndefined();
    expect(turn.addTo(createResponse(request(true), 200), request(true), bob).headers.has(extTurnCredHeader)).toBe(
      false,
    );
    turn.valueFor(alice);
    const expected = ['fresh alice@', 'refused bob@', 'refused bob@', 'again alice@'];
    expect(kinds).toEqual(expected.map((each) => `${each}ims.example`));
  });

  it('[X.5.2.2-4] are given to who asks, and to nobody else', () => {
    const asked = turn.addTo(createResponse(request(true), 200), request(true), alice);
    expect(asked.headers.count(extTurnCredHeader)).toBe(1);
    const silent = turn.addTo(createResponse(request(false), 200), request(false), alice);
    expect(silent.headers.has(extTurnCredHeader)).toBe(false);
  });
});

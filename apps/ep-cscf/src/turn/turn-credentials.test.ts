import { createResponse, extTurnCredHeader, Headers, noBody, parseExtTurnCred } from '@wicgate/sip';
import { turnPassword } from '@wicgate/turn-credentials';
import { beforeEach, describe, expect, it } from 'vitest';
import { TurnCredentials } from './turn-credentials.ts';

const secret = 'a key of at least thirty-two characters';
const alice = 'alice@ims.example';
const bob = 'bob@ims.example';
let now: number;
let turn: TurnCredentials;

beforeEach(() => {
  now = 1_700_000_000;
  turn = new TurnCredentials({ secret, lifetimeSeconds: 3_600, maxUsers: 3, now: () => now });
});

function request(asks: boolean) {
  const headers = Headers.of(['To', '<sip:alice@ims.example>'], ...(asks ? [[extTurnCredHeader, ''] as const] : []));
  return { method: 'OPTIONS', requestUri: 'sip:ims.example', headers, body: noBody };
}

describe('TURN credentials', () => {
  it('[X.5.2.2-3] [eP-CSCF 17] are Tid:Texp:Tpwd, computed from Km, good for the set time', () => {
    const credential = parseExtTurnCred(turn.valueFor(alice));
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
    expect(parseExtTurnCred(second).expiresAtSeconds).toBe(now + 3_600);
    expect(turn.valueFor(alice)).toBe(second);
  });

  it('[RFC 6750 5.3] are forgotten when they have expired, and not before', () => {
    turn.valueFor(alice);
    now += 3_599;
    turn.valueFor(bob);
    expect(turn.size).toBe(2);
    now += 1;
    turn.valueFor('carol@ims.example');
    expect(turn.size).toBe(2);
  });

  it('[limits] are remembered for so many users; who asked longest ago gives way', () => {
    const [first, second] = [turn.valueFor(alice), turn.valueFor(bob)];
    for (const name of ['carol', 'dave']) turn.valueFor(`${name}@ims.example`);
    expect(turn.size).toBe(3);
    expect(turn.valueFor(bob)).toBe(second);
    expect(turn.valueFor(alice)).not.toBe(first);
  });

  it('[X.5.2.2-4] are given to who asks, and to nobody else', () => {
    const asked = turn.addTo(createResponse(request(true), 200), request(true), alice);
    expect(asked.headers.count(extTurnCredHeader)).toBe(1);
    const silent = turn.addTo(createResponse(request(false), 200), request(false), alice);
    expect(silent.headers.has(extTurnCredHeader)).toBe(false);
  });
});

import { createResponse, Headers, noBody } from '@wicgate/sip';
import { parseTurnCredentialHeader, turnPassword } from '@wicgate/turn-credentials';
import { describe, expect, it } from 'vitest';
import { TurnCredentials, turnCredentialHeader } from './turn-credentials.ts';

const secret = 'a key of at least thirty-two characters';
const turn = new TurnCredentials({ secret, lifetimeSeconds: 3_600, now: () => 1_700_000_000 });

function request(asks: boolean) {
  const headers = Headers.of(['To', '<sip:alice@ims.example>'], ...(asks ? [[turnCredentialHeader, ''] as const] : []));
  return { method: 'OPTIONS', requestUri: 'sip:ims.example', headers, body: noBody };
}

describe('TURN credentials', () => {
  it('[X.5.2.2-3] are Tid:Texp:Tpwd, computed from Km, good for the set time', () => {
    const credential = parseTurnCredentialHeader(turn.createValue());
    expect(credential.expiresAtSeconds).toBe(1_700_003_600);
    expect(credential.password).toBe(turnPassword(new TextEncoder().encode(secret), credential.username));
  });

  it('[X.5.2.2-3] have a Tid of their own each time', () => {
    expect(turn.createValue()).not.toBe(turn.createValue());
  });

  it('[X.5.2.2-4] are given to who asks, and to nobody else', () => {
    const asked = turn.addTo(createResponse(request(true), 200), request(true));
    expect(asked.headers.count(turnCredentialHeader)).toBe(1);
    const silent = turn.addTo(createResponse(request(false), 200), request(false));
    expect(silent.headers.has(turnCredentialHeader)).toBe(false);
  });
});

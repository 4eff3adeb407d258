import { baseResult, type CxHss, type ServerAssignmentRequest } from '@wicgate/cx';
import { DigestClient, type SipRequest } from '@wicgate/sip';
import { VirtualClock } from '@wicgate/sip/testing';
import { describe, expect, it } from 'vitest';
import { regAwaitAuthMs } from '../authentication/challenges.ts';
import type { CoreLogger } from '../log-event.ts';
import { impi, impu, item, register, successWith } from '../testing/digest-alone.ts';
import { Registrar } from './registrar.ts';

/** A registrar on a clock that stands. */
function start() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const hss = {
    multimediaAuth: async () => successWith(item),
    serverAssignment: async ({ serverAssignmentType }: ServerAssignmentRequest) => {
      told.push(serverAssignmentType);
      const userProfile = { impi, implicitRegistrationSet: [{ impu, barred: false }] };
      return { ...baseResult('DIAMETER_SUCCESS'), impi, userProfile, allowedWafWwsfIdentities: undefined };
    },
  } as unknown as CxHss;
  const none = (): void => undefined;
  let salt = 0;
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(++salt);
  const registrar = new Registrar({
    hss,
    clock,
    random,
    log: { debug: none, info: none, warn: none, error: none } as unknown as CoreLogger,
    homeDomain: 'ims.example',
    serverName: () => 'sip:scscf.ims.example',
    serviceRoute: () => 'sip:orig@scscf.ims.example;lr',
    counts: { digestChecked: () => undefined },
    digestTargets: () => ['ims.example'],
    hashIdentity: () => 'hash',
    createToken: () => 'token',
    barredAuthorities: { hasAny: () => false },
    minExpiresSeconds: 60,
    maxExpiresSeconds: 3_600,
    maxRegistrations: 10,
  });
  const client = new DigestClient({ findUser: () => ({ username: impi, password: 'dora-demo' }), random });
  const send = (request: SipRequest) => registrar.register({ request, isTrusted: true, ownRoute: undefined });
  const first = (number: number): SipRequest => {
    const request = register();
    const headers = request.headers.set('CSeq', `${number} REGISTER`).with('Contact', '<sip:dora@wic.invalid>');
    return { ...request, headers };
  };
  return { clock, told, send, first, client };
}

/** What is queued behind has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('[N.2.2.3] [TS 24.229 7.8] a challenge that nobody answers', () => {
  it('[N.2.2.3] [6.1.2.3] [S-CSCF 8] the HSS is told where the identity is not registered', async () => {
    const { clock, told, send, first } = start();
    expect((await send(first(1))).statusCode).toBe(401);
    clock.advance(regAwaitAuthMs);
    await settled();
    expect(told).toEqual(['AUTHENTICATION_TIMEOUT']);
  });

  it('[6.1.1] [S-CSCF 8] and nothing happens where it is', async () => {
    const { clock, told, send, first, client } = start();
    const request = first(1);
    expect((await send(client.retry(request, await send(request)))).statusCode).toBe(200);
    expect((await send(first(5))).statusCode).toBe(401);
    clock.advance(regAwaitAuthMs);
    await settled();
    expect(told).toEqual(['REGISTRATION']);
    clock.advance(3_600_000);
    await settled();
    expect(told).toEqual(['REGISTRATION', 'TIMEOUT_DEREGISTRATION']);
    expect(clock.pending).toBe(0);
  });
});

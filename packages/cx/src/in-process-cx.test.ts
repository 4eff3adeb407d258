import { describe, expect, it } from 'vitest';
import { createInProcessCx, type InProcessCxOptions } from './in-process-cx.ts';
import type { CxHss, CxSCscf } from './ports.ts';
import type { PushProfileRequest } from './push-profile.ts';
import { baseResult, experimentalResult } from './results.ts';
import type { UserAuthorizationAnswer, UserAuthorizationRequest } from './user-authorization.ts';

const uar: UserAuthorizationRequest = {
  impi: 'alice@ims.example',
  impu: 'sip:alice@ims.example',
  visitedNetworkIdentifier: 'ims.example',
  userAuthorizationType: 'REGISTRATION',
  emergencyRegistration: false,
};

const ppr: PushProfileRequest = {
  impi: 'alice@ims.example',
  userProfile: {
    impi: 'alice@ims.example',
    implicitRegistrationSet: [{ impu: 'sip:alice@ims.example', barred: false }],
  },
  allowedWafWwsfIdentities: undefined,
  authData: undefined,
};

const firstRegistration = (): UserAuthorizationAnswer => ({
  ...experimentalResult('DIAMETER_FIRST_REGISTRATION'),
  serverCapabilities: { mandatory: [1], optional: [], serverNames: [] },
});

/** A clock that the test moves. */
function createClock(): { after: InProcessCxOptions['after']; expire: () => void; running: () => number } {
  const timers = new Set<() => void>();
  return {
    after: (_ms, run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
    expire: () => {
      for (const run of timers) run();
    },
    running: () => timers.size,
  };
}

const unable = async () => baseResult('DIAMETER_UNABLE_TO_COMPLY');

function hssWith(part: Partial<CxHss>): CxHss {
  return { userAuthorization: unable, multimediaAuth: unable, serverAssignment: unable, locationInfo: unable, ...part };
}

function sCscfWith(part: Partial<CxSCscf>): CxSCscf {
  const registrationTermination = async () => ({ ...(await unable()), identitiesWithEmergencyRegistration: [] });
  return { registrationTermination, pushProfile: unable, ...part };
}

describe('Cx in one process', () => {
  it('[TS 29.228 6.1.1] carries a command to the HSS and its answer back, and leaves no timer', async () => {
    const clock = createClock();
    const cx = createInProcessCx({ after: clock.after });
    const seen: UserAuthorizationRequest[] = [];
    cx.attachHss(
      hssWith({
        userAuthorization: async (request) => {
          seen.push(request);
          return firstRegistration();
        },
      }),
    );
    await expect(cx.hss.userAuthorization(uar)).resolves.toEqual(firstRegistration());
    expect(seen).toEqual([uar]);
    expect(clock.running()).toBe(0);
  });

  it('[TS 29.228 6.2.2] carries a command to the S-CSCF of that name only', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    cx.attachSCscf('sip:one.example', sCscfWith({ pushProfile: async () => baseResult('DIAMETER_SUCCESS') }));
    await expect(cx.sCscf('sip:one.example').pushProfile(ppr)).resolves.toEqual(baseResult('DIAMETER_SUCCESS'));
    await expect(cx.sCscf('sip:two.example').pushProfile(ppr)).rejects.toMatchObject({
      code: 'ERR_CX_PEER_UNREACHABLE',
    });
  });

  it('[N.2.5] [HSS 9] carries the H(A1)s of a new password in a PPR', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    const seen: PushProfileRequest[] = [];
    const pushProfile = async (request: PushProfileRequest) => {
      seen.push(request);
      return baseResult('DIAMETER_SUCCESS');
    };
    cx.attachSCscf('sip:one.example', sCscfWith({ pushProfile }));
    const authData = {
      scheme: 'SIP Digest',
      realm: 'ims.example',
      qop: 'auth',
      algorithm: 'MD5',
      ha1: 'a'.repeat(32),
      alternates: [],
    } as const;
    const push = { ...ppr, userProfile: undefined, authData };
    await expect(cx.sCscf('sip:one.example').pushProfile(push)).resolves.toMatchObject({ name: 'DIAMETER_SUCCESS' });
    expect(seen).toEqual([push]);
  });

  it.each(['DIAMETER_LIMITED_SUCCESS', 'DIAMETER_UNABLE_TO_COMPLY'] as const)(
    '[TS 29.228 6.1.3] [S-CSCF 15] carries in %s who stays registered for an emergency',
    async (name) => {
      const cx = createInProcessCx({ after: createClock().after });
      const identitiesWithEmergencyRegistration = [{ impi: uar.impi, impu: uar.impu }];
      const answer = { ...baseResult(name), identitiesWithEmergencyRegistration };
      cx.attachSCscf('sip:one.example', sCscfWith({ registrationTermination: async () => answer }));
      const request = { impi: uar.impi, impus: [], reasonCode: 'REMOVE_S_CSCF', reasonInfo: undefined } as const;
      await expect(cx.sCscf('sip:one.example').registrationTermination(request)).resolves.toEqual(answer);
    },
  );

  it('[TS 29.228 6] keeps each side from changing what the other holds', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    const mine = { ...uar };
    const theirs = { serverCapabilities: { mandatory: [1], optional: [], serverNames: [] } };
    cx.attachHss(
      hssWith({
        userAuthorization: async (request) => {
          expect(request).not.toBe(mine);
          expect(Object.isFrozen(request)).toBe(true);
          return { ...experimentalResult('DIAMETER_FIRST_REGISTRATION'), ...theirs };
        },
      }),
    );
    const answer = await cx.hss.userAuthorization(mine);
    theirs.serverCapabilities.mandatory.push(2);
    expect(answer).toEqual(firstRegistration());
    expect(() => Object.assign(answer, { name: 'DIAMETER_SUCCESS' })).toThrow(TypeError);
  });

  it('[TS 29.228 6.3] copies octets', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    const sipAuthorization = Uint8Array.of(1, 2, 3);
    cx.attachHss(
      hssWith({
        multimediaAuth: async (request) => {
          request.sipAuthorization?.fill(0);
          return baseResult('DIAMETER_UNABLE_TO_COMPLY');
        },
      }),
    );
    const { impi, impu } = uar;
    const scheme = { sipAuthenticationScheme: 'Digest-AKAv1-MD5', numberOfAuthItems: 1 } as const;
    await cx.hss.multimediaAuth({ impi, impu, serverName: 'sip:one.example', sipAuthorization, ...scheme });
    expect([...sipAuthorization]).toEqual([1, 2, 3]);
  });

  it('[RFC 6733 7.1.3] is unreachable before the HSS comes and after it goes', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    await expect(cx.hss.userAuthorization(uar)).rejects.toMatchObject({ code: 'ERR_CX_PEER_UNREACHABLE' });
    const detach = cx.attachHss(hssWith({}));
    await expect(cx.hss.userAuthorization(uar)).resolves.toEqual(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
    detach();
    await expect(cx.hss.userAuthorization(uar)).rejects.toMatchObject({ statusCode: 504 });
  });

  it('[RFC 6733 7.1.3] is not detached by the one that was replaced', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    const detachFirst = cx.attachHss(hssWith({}));
    cx.attachHss(hssWith({ userAuthorization: async () => firstRegistration() }));
    detachFirst();
    await expect(cx.hss.userAuthorization(uar)).resolves.toEqual(firstRegistration());
  });

  it('[TS 29.228 8] gives up on a silent HSS when the time is over', async () => {
    const clock = createClock();
    const cx = createInProcessCx({ after: clock.after, timeoutMs: 2_000 });
    cx.attachHss(hssWith({ userAuthorization: () => new Promise(() => undefined) }));
    const asked = cx.hss.userAuthorization(uar);
    clock.expire();
    await expect(asked).rejects.toMatchObject({
      code: 'ERR_CX_TIMEOUT',
      message: 'UAR: expected an answer within 2000 ms',
    });
    expect(clock.running()).toBe(0);
  });

  it('[RFC 6733 7.1.3] bounds the commands under way, those given up included', async () => {
    const clock = createClock();
    const cx = createInProcessCx({ after: clock.after, maxUnderWay: 1 });
    let answer: (value: UserAuthorizationAnswer) => void = () => undefined;
    cx.attachHss(hssWith({ userAuthorization: () => new Promise((resolve) => (answer = resolve)) }));
    const first = cx.hss.userAuthorization(uar);
    clock.expire();
    await expect(first).rejects.toMatchObject({ code: 'ERR_CX_TIMEOUT' });
    await expect(cx.hss.userAuthorization(uar)).rejects.toMatchObject({ code: 'ERR_CX_TOO_BUSY' });
    answer(firstRegistration());
    await expect.poll(() => cx.hss.locationInfo({ impu: uar.impu, ...plainLocationInfo })).toBeTruthy();
  });

  it('[TS 29.228 8] reports a peer that throws, with its error as the cause', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    const fault = new Error('disk full');
    cx.attachHss(hssWith({ userAuthorization: () => Promise.reject(fault) }));
    await expect(cx.hss.userAuthorization(uar)).rejects.toMatchObject({ code: 'ERR_CX_PEER_FAILED', cause: fault });
  });

  it('[TS 29.228 6] refuses what is no data', async () => {
    const cx = createInProcessCx({ after: createClock().after });
    cx.attachHss(hssWith({}));
    const withFunction = { ...uar, impi: (() => 'alice') as unknown as string };
    await expect(cx.hss.userAuthorization(withFunction)).rejects.toThrow(TypeError);
    const circular: Record<string, unknown> = { ...uar };
    circular.self = circular;
    await expect(cx.hss.userAuthorization(circular as unknown as UserAuthorizationRequest)).rejects.toThrow(TypeError);
    await expect(cx.hss.userAuthorization({ ...uar, extra: new Date(0) } as UserAuthorizationRequest)).rejects.toThrow(
      TypeError,
    );
  });
});

const plainLocationInfo = { originatingRequest: false, userAuthorizationType: undefined };

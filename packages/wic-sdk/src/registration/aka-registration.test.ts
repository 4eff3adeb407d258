import { createSequenceState } from '@wicgate/aka';
import { createResponse, digestResponse, parseDigestCredentials, type SipRequest } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimUnavailable } from '../errors.ts';
import { InMemoryAka, InMemoryWorld, impuOf } from '../testing.ts';
import type { AkaCredentials, SimAnswer } from './aka-credentials.ts';

const impi = 'alice-sim@ims.example';
let world: InMemoryWorld;
let home: InMemoryAka;

beforeEach(() => {
  world = new InMemoryWorld();
  home = new InMemoryAka();
  world.gateway.digest = home;
  world.gateway.registerHeaders = [['P-Associated-URI', '<tel:+15551234>']];
});

const register = (credentials: AkaCredentials = home.credentials(impi)) => world.register('alice', { credentials });
const registers = () => world.gateway.requests('REGISTER');
const credentialsOf = (request: SipRequest | undefined) =>
  parseDigestCredentials(request?.headers.first('Authorization') ?? '');
const failed = (detail: string) => ({ status: 'failed', reason: 'refused', detail });
const answering = (authenticate: AkaCredentials['authenticate']): AkaCredentials => ({
  kind: 'aka',
  impi,
  authenticate,
});

describe('registration by AKA', () => {
  it('[P.3] [X.2.3.3] [WIC 4] first names the user and AKAv2-SHA-256, with empty nonce and response', async () => {
    await register();
    expect(credentialsOf(registers()[0])).toMatchObject({
      username: impi,
      realm: 'ims.example',
      uri: 'sip:ims.example',
      nonce: '',
      response: '',
      algorithm: 'AKAv2-SHA-256',
      qop: undefined,
    });
  });

  it('[6.1.1] [X.2.3.3] [WIC 5] answers the challenge by what the SIM derived, on the same connection', async () => {
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toEqual({
      status: 'registered',
      scheme: 'aka',
      impu: impuOf('alice'),
      impus: [impuOf('alice'), 'tel:+15551234'],
      impi,
      displayName: undefined,
      expiresAtMs: world.clock.now() + 600_000_000,
      gateway: 'wss://gateway.example/',
    });
    const [first, second, ...more] = registers();
    expect(more).toEqual([]);
    expect(credentialsOf(second)).toMatchObject({ algorithm: 'AKAv2-SHA-256', qop: 'auth', nonceCount: 1 });
    expect(credentialsOf(second).response).toMatch(/^[0-9a-f]{64}$/u);
    expect(second?.headers.first('Call-ID')).toBe(first?.headers.first('Call-ID'));
    expect(registers().map(({ headers }) => headers.first('CSeq'))).toEqual(['1 REGISTER', '2 REGISTER']);
    expect(world.gateway.flows.size).toBe(1);
  });

  it('[X.2.3.3] [WIC 5] computes the response of the derived vector', async () => {
    world.gateway.digest = undefined;
    const nonce = 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=';
    world.gateway.onRequest = ({ request, respond }) => {
      if (registers().length > 1) return false;
      const challenge = `Digest realm="home1.net",nonce="${nonce}",qop="auth",algorithm=AKAv2-SHA-256`;
      respond(createResponse(request, 401, { toTag: 'core', headers: [['WWW-Authenticate', challenge]] }));
      return true;
    };
    const asked: string[] = [];
    const authenticate = async (given: string): Promise<SimAnswer> => {
      asked.push(given);
      return { kind: 'password', password: 'wpC+5dv/7kC35JEI2hluv8XcBd+vf8XcfedJBan1buk=' };
    };
    const browser = world.openBrowser();
    const { wic } = browser.open('sip:user1_public1@home1.net', {
      homeDomain: 'home1.net',
      credentials: { kind: 'aka', impi: 'user1_private@home1.net', authenticate },
    });
    void wic.register();
    await world.clock.settle();
    expect(asked).toEqual([nonce]);
    const sent = credentialsOf(registers()[1]);
    expect(sent).toMatchObject({ username: 'user1_private@home1.net', nonce });
    const ha1 = 'dbf0d75a11339ad0a602a65ac962759f56bf56734d8aa31c5a30e540f8072130';
    const algorithm = { hash: 'SHA-256', session: false, aka: 2 } as const;
    expect(sent.response).toBe(digestResponse({ ...sent, algorithm, ha1, method: 'REGISTER', body: new Uint8Array() }));
  });

  it('[6.1.1] renews by a challenge of its own, and shows the new end', async () => {
    world.gateway.grantedSeconds = 1_200;
    const { wic } = await register();
    await world.clock.advance(600_000);
    expect(registers().map((request) => credentialsOf(request).response === '')).toEqual([true, false, true, false]);
    expect(new Set(registers().map((request) => credentialsOf(request).nonce)).size).toBe(3);
    expect(world.gateway.flows.size).toBe(1);
    expect(wic.registration.getSnapshot()).toMatchObject({ expiresAtMs: world.clock.now() + 1_200_000 });
  });

  it('[O.2.3] [O.4.1] [WIC 3] [WIC 14] makes each initial registration on a connection of its own', async () => {
    const { wic } = await register();
    const [first] = world.gateway.flows;
    world.gateway.restart();
    await world.clock.advance(2_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(world.gateway.flows.has(first as never)).toBe(false);
    expect(credentialsOf(registers()[2])).toMatchObject({ nonce: '', response: '' });
  });

  it('[24.229 5.1.1.6] ends with an answered challenge', async () => {
    const { wic } = await register();
    void wic.deregister();
    await world.clock.settle();
    expect(registers().at(-1)?.headers.first('Expires')).toBe('0');
    expect(credentialsOf(registers().at(-1)).response).not.toBe('');
    expect(wic.registration.getSnapshot().status).toBe('not registered');
  });

  it('[6.1.2.3] answers another challenge once where the first was dropped while a person was asked', async () => {
    const sim = home.credentials(impi);
    let isFirst = true;
    const authenticate = (nonce: string) => {
      if (isFirst) home.forget();
      isFirst = false;
      return sim.authenticate(nonce);
    };
    const { wic } = await register({ kind: 'aka', impi, authenticate });
    expect(registers()).toHaveLength(3);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[6.1.2.3] gives up where the second challenge is dropped too', async () => {
    const sim = home.credentials(impi);
    const authenticate = (nonce: string) => {
      home.forget();
      return sim.authenticate(nonce);
    };
    const { wic } = await register({ kind: 'aka', impi, authenticate });
    expect(registers()).toHaveLength(3);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
  });

  it('[X.2.3.3] [WIC 6] leaves neither keys nor passwords on the way or in the storage', async () => {
    const { browser } = await register();
    const seen = world.gateway.frames.join('') + JSON.stringify(browser.storage.entries());
    for (const key of [home.keys.k, home.keys.opc]) {
      for (const form of ['hex', 'base64'] as const) expect(seen).not.toContain(Buffer.from(key).toString(form));
    }
    expect(seen).toContain('AKAv2-SHA-256');
  });
});

describe('a challenge that the SIM finds invalid', () => {
  const ahead = (seq: number) => {
    const state = createSequenceState(seq * 32);
    return { load: async () => state, save: async () => undefined };
  };

  it('[6.1.3] [WIC 20] sequence number used: AUTS and an empty password, then the next challenge is answered', async () => {
    let saved: unknown = createSequenceState(320);
    const store = {
      load: async () => saved,
      save: async (state: unknown) => {
        saved = state;
      },
    };
    const { wic } = await register(home.credentials(impi, { store }));
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(home.reports).toEqual(['synchronisation failure']);
    expect(registers()).toHaveLength(3);
    expect(credentialsOf(registers()[1]).params.get('auts')).toMatch(/^[A-Za-z0-9+/]{19}=$/u);
    expect(credentialsOf(registers()[2]).params.has('auts')).toBe(false);
  });

  it('[6.1.3] [WIC 20] [24.229 5.1.1.5.3] gives up after two rounds of AUTS', async () => {
    home.resynchronises = false;
    const { wic } = await register(home.credentials(impi, { store: ahead(1_000) }));
    expect(home.reports).toEqual(['synchronisation failure', 'synchronisation failure']);
    expect(wic.registration.getSnapshot()).toMatchObject({ ...failed('sim out of step'), remedy: 'ask the operator' });
    expect(world.gateway.flows.size).toBe(0);
    await world.clock.advance(100_000);
    expect(registers()).toHaveLength(3);
  });

  it('[6.1.2.2] [WIC 20] wrong MAC: says so by an empty response without AUTS, and abandons the registration', async () => {
    const keys = { k: new Uint8Array(16), opc: new Uint8Array(16) };
    const { wic } = await register(home.credentials(impi, { keys }));
    expect(home.reports).toEqual(['mac failure']);
    const report = credentialsOf(registers()[1]);
    expect(report).toMatchObject({ response: '', username: impi, algorithm: 'AKAv2-SHA-256' });
    expect(report.nonce).not.toBe('');
    expect(report.params.has('auts')).toBe(false);
    expect(wic.registration.getSnapshot()).toMatchObject({
      ...failed('network not authenticated'),
      code: 'ERR_WIC_NETWORK_NOT_AUTHENTICATED',
      remedy: 'leave this network',
    });
    expect(world.gateway.flows.size).toBe(0);
  });

  it('[6.1.2.2] [24.229 5.1.1.5.3] wrong MAC twice: no third report', async () => {
    home.asksAgain = true;
    const keys = { k: new Uint8Array(16), opc: new Uint8Array(16) };
    const { wic } = await register(home.credentials(impi, { keys }));
    expect(home.reports).toEqual(['mac failure', 'mac failure']);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
  });

  it('[6.1.2.2] lets nobody in who answers the report with a success', async () => {
    world.gateway.onRequest = ({ request }) => {
      if (credentialsOf(request).nonce !== '') world.gateway.digest = undefined;
      return false;
    };
    const { wic } = await register(answering(async () => ({ kind: 'mac failure' })));
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
  });
});

describe('a network that is not to be trusted', () => {
  it('[N.2.2.2] [WIC 7] proves itself wrongly: abandoned', async () => {
    home.proof = 'wrong';
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
    expect(world.gateway.flows.size).toBe(0);
  });

  it('[6.1.1] has answered by AUTN, and need not send a proof in the 200', async () => {
    home.proof = 'none';
    const { wic } = await register();
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[6.1.1] lets everybody in without a challenge: abandoned', async () => {
    world.gateway.digest = undefined;
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
  });

  it.each(['AKAv1-MD5', 'AKAv2-MD5', 'AKAv2-SHA-256-sess', 'MD5', 'SHA-256'])(
    '[X.2.3.3] asks for %s instead: not answered, and the SIM not asked',
    async (algorithm) => {
      home.algorithm = algorithm;
      let asked = 0;
      const { wic } = await register(
        answering(async () => {
          asked += 1;
          return { kind: 'mac failure' };
        }),
      );
      expect(wic.registration.getSnapshot()).toMatchObject(failed('scheme not offered'));
      expect([asked, registers().length]).toEqual([0, 1]);
    },
  );

  it('[RFC 7616 3.3] sends a challenge that nobody can read before the right one, which is answered', async () => {
    const right = `Digest realm="ims.example",nonce="${'A'.repeat(44)}",qop="auth",algorithm=AKAv2-SHA-256`;
    world.gateway.onRequest = ({ request, respond }) => {
      const headers = ['Digest realm="open', right].map((value) => ['WWW-Authenticate', value] as const);
      respond(createResponse(request, 401, { toTag: 'core', headers }));
      return true;
    };
    const asked: string[] = [];
    await register(
      answering(async (nonce) => {
        asked.push(nonce);
        return { kind: 'mac failure' };
      }),
    );
    expect(asked[0]).toBe('A'.repeat(44));
  });

  it('[6.1.1] sends the same challenge again: not answered twice', async () => {
    const challenge = `Digest realm="ims.example",nonce="${'A'.repeat(44)}",qop="auth",algorithm=AKAv2-SHA-256`;
    world.gateway.onRequest = ({ request, respond }) => {
      respond(createResponse(request, 401, { toTag: 'core', headers: [['WWW-Authenticate', challenge]] }));
      return true;
    };
    const { wic } = await register(answering(async () => ({ kind: 'password', password: 'cGFzcw==' })));
    expect(registers()).toHaveLength(2);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
  });

  it('[6.1.2.1] refuses the answer: failed, and not tried again', async () => {
    const { wic } = await register(answering(async () => ({ kind: 'password', password: 'cGFzcw==' })));
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
    await world.clock.advance(100_000);
    expect(registers()).toHaveLength(2);
  });
});

describe('a SIM without an answer', () => {
  it.each(['no profile', 'not allowed', 'blocked', 'storage', 'not answering'] as const)(
    '[X.2.3.3] %s: failed, the connection closed, and not tried again',
    async (problem) => {
      const { wic } = await register(answering(async () => Promise.reject(new SimUnavailable(problem))));
      expect(wic.registration.getSnapshot()).toMatchObject({
        status: 'failed',
        reason: 'sim unavailable',
        detail: problem,
        code: 'ERR_WIC_SIM_UNAVAILABLE',
      });
      expect(world.gateway.flows.size).toBe(0);
      await world.clock.advance(100_000);
      expect(registers()).toHaveLength(1);
    },
  );

  it('[24.229 7.8] is waited for 3 minutes, less than the network does', async () => {
    const browser = world.openBrowser();
    const { wic } = browser.open(impuOf('alice'), { credentials: answering(() => new Promise(() => undefined)) });
    void wic.register();
    await world.clock.advance(179_000);
    expect(wic.registration.getSnapshot().status).toBe('registering');
    await world.clock.advance(1_001);
    expect(wic.registration.getSnapshot()).toMatchObject({ reason: 'sim unavailable', detail: 'not answering' });
  });

  it('[X.2.3.3] gives nonsense: as if it gave nothing', async () => {
    const { wic } = await register(answering(async () => ({ kind: 'password', password: 'a\r\nb' })));
    expect(wic.registration.getSnapshot()).toMatchObject({ reason: 'sim unavailable', detail: 'not answering' });
  });

  it('[6.1.1] at a renewal: the registration stays as long as it lasts', async () => {
    world.gateway.grantedSeconds = 1_200;
    const good = home.credentials(impi);
    let isThere = true;
    const authenticate = (nonce: string) =>
      isThere ? good.authenticate(nonce) : Promise.reject(new SimUnavailable('not answering'));
    const { wic } = await register({ kind: 'aka', impi, authenticate });
    isThere = false;
    await world.clock.advance(700_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    isThere = true;
    await world.clock.advance(40_000);
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registered', scheme: 'aka' });
    isThere = false;
    await world.clock.advance(1_200_000);
    expect(wic.registration.getSnapshot()).toMatchObject({ reason: 'sim unavailable' });
  });

  it('[O.2.3] has answered too late: what was asked on a connection is not answered on another', async () => {
    let give: (answer: SimAnswer) => void = () => undefined;
    const slow = answering(
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    const browser = world.openBrowser();
    const { wic } = browser.open(impuOf('alice'), { credentials: slow });
    void wic.register();
    await world.clock.settle();
    void wic.deregister();
    await world.clock.settle();
    give({ kind: 'password', password: 'cGFzcw==' });
    await world.clock.settle();
    expect(registers()).toHaveLength(1);
    expect(wic.registration.getSnapshot().status).toBe('not registered');
  });
});

describe('a registration that the network ends', () => {
  it('[6.1.4] [WIC 14] by closing with 1008 once it stood: failed for good, and said so', async () => {
    const { wic } = await register();
    for (const flow of world.gateway.flows) flow.socket.close(1_008);
    await world.clock.advance(100_000);
    expect(wic.registration.getSnapshot()).toEqual({
      status: 'failed',
      reason: 'network ended',
      detail: 'connection closed',
      code: 'ERR_WIC_NETWORK_ENDED',
      remedy: 'sign in',
    });
    expect(registers()).toHaveLength(2);
  });

  it('[O.4.1] [WIC 14] not where the connection just breaks', async () => {
    const { wic } = await register();
    for (const flow of world.gateway.flows) flow.socket.close(1_006);
    await world.clock.advance(2_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });
});

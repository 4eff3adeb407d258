import { createHa1, createResponse, parseDigestCredentials, type SipRequest } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryDigest, InMemoryWorld, impuOf } from '../testing.ts';
import type { WicCredentials } from './wic-credentials.ts';

const password = 'the-password-of-alice';
const impi = 'alice@ims.example';
let world: InMemoryWorld;
let digest: InMemoryDigest;

beforeEach(() => {
  world = new InMemoryWorld();
  useDigest();
});

/** A core that has never seen anybody. */
function useDigest(options: ConstructorParameters<typeof InMemoryDigest>[1] = {}): void {
  digest = new InMemoryDigest(world.clock, options);
  digest.passwords.set(impi, password);
  world.gateway.digest = digest;
}

const register = (credentials: WicCredentials = { kind: 'digest', password }) =>
  world.register('alice', { credentials });
const registers = () => world.gateway.requests('REGISTER');
const credentialsOf = (request: SipRequest | undefined) => {
  const value = request?.headers.first('Authorization');
  return value === undefined ? undefined : parseDigestCredentials(value);
};
const failed = (detail: string) => ({ status: 'failed', reason: 'refused', detail });

describe('registration by SIP Digest', () => {
  it('[N.2.1.1] answers the challenge on the same connection; the first Bearer challenge behind it is not for us', async () => {
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toEqual({
      status: 'registered',
      scheme: 'digest',
      impu: impuOf('alice'),
      impus: [impuOf('alice')],
      impi,
      displayName: undefined,
      expiresAtMs: world.clock.now() + 600_000_000,
      gateway: 'wss://gateway.example/',
    });
    const [first, second, ...more] = registers();
    expect(more).toEqual([]);
    expect(first?.headers.has('Authorization')).toBe(false);
    expect(credentialsOf(second)).toMatchObject({
      username: impi,
      realm: 'ims.example',
      uri: 'sip:ims.example',
      qop: 'auth',
    });
    expect(second?.headers.first('Call-ID')).toBe(first?.headers.first('Call-ID'));
    expect(registers().map(({ headers }) => headers.first('CSeq'))).toEqual(['1 REGISTER', '2 REGISTER']);
    expect(second?.headers.first('3gpp-ext-turn-cred')).toBe('request');
    expect(second?.headers.first('Via')).toContain(';keep');
    expect(world.gateway.flows.size).toBe(1);
  });

  it('[24.229 5.1.1.2] names the private identity at once where it is given', async () => {
    await register({ kind: 'digest', impi, password });
    expect(credentialsOf(registers()[0])).toMatchObject({
      username: impi,
      nonce: '',
      response: '',
      uri: 'sip:ims.example',
    });
    expect(registers()).toHaveLength(2);
  });

  it.each([
    { offered: ['MD5', 'SHA-256'], taken: 'SHA-256' },
    { offered: ['SHA-256', 'MD5'], taken: 'SHA-256' },
    { offered: ['MD5'], taken: 'MD5' },
    { offered: ['SHA-512-256', 'MD5'], taken: 'SHA-512-256' },
  ])('[RFC 8760 2.4] of $offered takes $taken', async ({ offered, taken }) => {
    useDigest({ algorithms: offered });
    const { wic } = await register();
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(credentialsOf(registers()[1])?.algorithm).toBe(taken);
  });

  it('[X.2.2.3] goes with H(A1) instead of the password, by the hash that it is known of', async () => {
    const ha1 = { MD5: createHa1('MD5', { username: impi, realm: 'ims.example', password }) };
    const { wic } = await register({ kind: 'digest', ha1 });
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(credentialsOf(registers()[1])?.algorithm).toBe('MD5');
  });

  it('[X.2.2.3 NOTE 2] is renewed in time, without another challenge and without asking anybody', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    await world.clock.advance(600_000);
    expect(registers()).toHaveLength(3);
    expect(registers().map((request) => credentialsOf(request)?.nonceCount)).toEqual([undefined, 1, 2]);
    expect(world.gateway.flows.size).toBe(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[O.3.1.3] answers a stale challenge on the same connection', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    digest.restart();
    await world.clock.advance(600_000);
    expect(registers()).toHaveLength(4);
    expect(world.gateway.flows.size).toBe(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[O.4.1] is made anew when the connection is lost', async () => {
    const { wic } = await register();
    world.gateway.restart();
    digest.restart();
    await world.clock.advance(2_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(world.gateway.flowsOf(impuOf('alice'))).toHaveLength(1);
  });

  it('[O.3.1.4] whose answer gets no reply in time is followed by a new one, on another connection', async () => {
    let isSilent = true;
    world.gateway.onRequest = ({ request: { headers } }) => isSilent && headers.has('Authorization');
    const { wic } = world.openBrowser().open(impuOf('alice'), { credentials: { kind: 'digest', password } });
    void wic.register();
    // RFC 3261 17.1.2.2: timer F is 32 s.
    await world.clock.advance(31_000);
    const [first] = world.gateway.flows;
    expect(registers().map(({ headers }) => headers.has('Authorization'))).toEqual([false, true]);
    isSilent = false;
    await world.clock.advance(4_000);
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registered', scheme: 'digest' });
    expect(registers().length).toBeGreaterThan(2);
    expect(world.gateway.flowsOf(impuOf('alice'))).toHaveLength(1);
    expect(world.gateway.flowsOf(impuOf('alice'))).not.toContain(first);
  });

  it('[24.229 5.1.1.6] ends with credentials', async () => {
    const { wic } = await register();
    void wic.deregister();
    await world.clock.settle();
    expect(registers().at(-1)?.headers.first('Expires')).toBe('0');
    expect(credentialsOf(registers().at(-1))?.nonceCount).toBe(2);
    expect(world.gateway.flowsOf(impuOf('alice'))).toEqual([]);
    expect(wic.registration.getSnapshot().status).toBe('not registered');
  });

  it('[RFC 3261 10.2.8] is repeated with Min-Expires after 423', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      if (credentialsOf(request) === undefined || request.headers.first('Expires') !== '600000') return false;
      respond(createResponse(request, 423, { toTag: 'gw', headers: [['Min-Expires', '700000']] }));
      return true;
    };
    const { wic } = await register();
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(registers().map(({ headers }) => headers.first('CSeq'))).toEqual(['1 REGISTER', '2 REGISTER', '3 REGISTER']);
  });

  it('[X.2.2.3 NOTE 2] leaves neither password nor H(A1) in the storage or on the way', async () => {
    const { browser } = await register();
    const ha1 = (['MD5', 'SHA-256', 'SHA-512-256'] as const).map((hash) =>
      createHa1(hash, { username: impi, realm: 'ims.example', password }),
    );
    const seen = JSON.stringify(browser.storage.entries()) + world.gateway.frames.join('');
    expect(seen).toContain('urn:uuid:');
    for (const secret of [password, ...ha1]) expect(seen).not.toContain(secret);
  });
});

describe('a user who is refused', () => {
  it.each([
    { how: '403 and the connection closed', asksAgain: false },
    { how: 'another challenge', asksAgain: true },
  ])('[O.3.1.1] for a wrong password by $how: failed, closed, and not tried again', async ({ asksAgain }) => {
    digest.asksAgain = asksAgain;
    const { wic } = await register({ kind: 'digest', password: 'guess' });
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
    await world.clock.advance(100_000);
    expect(registers()).toHaveLength(2);
    expect(world.gateway.flows.size).toBe(0);
    expect(world.clock.pending).toBe(0);
  });

  it('[N.2.2.1] is let in at a later try, once the network takes the password', async () => {
    digest.passwords.set(impi, 'another');
    const { wic } = await register();
    expect(wic.registration.getSnapshot().status).toBe('failed');
    digest.passwords.set(impi, password);
    void wic.register();
    await world.clock.settle();
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[N.2.5] whose password has changed meanwhile fails at the next renewal, after a fresh challenge', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    digest.passwords.set(impi, 'another');
    await world.clock.advance(700_000);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
    expect(world.gateway.flows.size).toBe(0);
  });

  it.each([
    { offer: 'another realm', options: { realm: 'other.example' } },
    { offer: 'an algorithm that H(A1) is not known of', options: { algorithms: ['SHA-256'] } },
  ])('[RFC 3261 22.2] who has nothing for $offer: failed', async ({ options }) => {
    useDigest(options);
    const { wic } = await register({ kind: 'digest', ha1: { MD5: '0'.repeat(32) } });
    expect(wic.registration.getSnapshot()).toMatchObject(failed('scheme not offered'));
    expect(registers()).toHaveLength(1);
  });

  it('[RFC 8898 3] where the network has Bearer only: failed', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      respond(createResponse(request, 401, { headers: [['WWW-Authenticate', 'Bearer realm="ims.example"']] }));
      return true;
    };
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toMatchObject(failed('scheme not offered'));
  });

  it('[24.229 5.1.1.2] before any challenge: failed, and nobody blames the password', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      respond(createResponse(request, 403));
      return true;
    };
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toStrictEqual({
      status: 'failed',
      reason: 'refused',
      code: 'ERR_WIC_REGISTRATION_REFUSED',
      remedy: 'ask the operator',
    });
  });
});

describe('a network that does not prove itself', () => {
  it.each(['wrong', 'none'] as const)('[N.2.2.2] proof %s: the registration is abandoned', async (proof) => {
    digest.proof = proof;
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
    expect(world.gateway.flows.size).toBe(0);
    await world.clock.advance(100_000);
    expect(registers()).toHaveLength(2);
  });

  it('[N.2.1.1] and lets everybody in without a challenge: abandoned', async () => {
    world.gateway.digest = undefined;
    const { wic } = await register();
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
  });

  it('[N.2.1.1] [WIC 7] and puts a proof of nothing into a 200 without a challenge: abandoned', async () => {
    world.gateway.digest = undefined;
    world.gateway.registerHeaders = [['Authentication-Info', `rspauth="${'0'.repeat(64)}",qop=auth`]];
    for (const credentials of [{ password }, { password, impi }]) {
      const { wic } = await register({ kind: 'digest', ...credentials });
      expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
    }
  });

  it('[N.2.1.1] [WIC 7] asks without qop, where its proof could be one of long ago: not answered', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      const challenge = 'Digest realm="ims.example",nonce="0123",algorithm=SHA-256';
      respond(createResponse(request, 401, { headers: [['WWW-Authenticate', challenge]] }));
      return true;
    };
    const { wic } = await register();
    expect(registers()).toHaveLength(1);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('scheme not offered'));
  });

  it('[N.2.2.2] in a renewal, wrongly: the registration ends', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    digest.proof = 'wrong';
    await world.clock.advance(600_000);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
    expect(world.gateway.flows.size).toBe(0);
  });

  it('[O.4.3] in a renewal, not at all: the core need not authenticate again', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    digest.proof = 'none';
    await world.clock.advance(600_000);
    expect(registers()).toHaveLength(3);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 8760 2.4] asks for less than before: abandoned', async () => {
    world.gateway.grantedSeconds = 1_200;
    world.gateway.registerHeaders = [];
    const { wic } = await register();
    world.gateway.onRequest = ({ request, respond }) => {
      const challenge = 'Digest realm="ims.example",nonce="0123",algorithm=MD5,qop="auth",stale=true';
      respond(createResponse(request, 401, { headers: [['WWW-Authenticate', challenge]] }));
      return true;
    };
    await world.clock.advance(600_000);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('network not authenticated'));
  });

  it('[O.3.1.3] calls every nonce stale: given up after the second', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      const nonce = `nonce${registers().length}`;
      const challenge = `Digest realm="ims.example",nonce="${nonce}",algorithm=MD5,qop="auth",stale=true`;
      respond(createResponse(request, 401, { headers: [['WWW-Authenticate', challenge]] }));
      return true;
    };
    const { wic } = await register();
    expect(registers()).toHaveLength(3);
    expect(wic.registration.getSnapshot()).toMatchObject(failed('wrong credentials'));
  });
});

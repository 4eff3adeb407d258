import { createResponse, parseDigestCredentials, type SipRequest, type SipResponse } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryDigest, InMemoryProxyChallenge, InMemoryWorld, lastCall } from '../testing.ts';

const password = 'the-password-of-alice';
const impi = 'alice@ims.example';
let world: InMemoryWorld;
let digest: InMemoryDigest;
let core: InMemoryProxyChallenge;

beforeEach(() => {
  world = new InMemoryWorld();
  digest = new InMemoryDigest(world.clock);
  digest.passwords.set(impi, password);
  digest.passwords.set('bob@ims.example', password);
  world.gateway.digest = digest;
  useCore();
});

/** An S-CSCF that asks Alice with each request by one of these methods. */
function useCore(
  options: ConstructorParameters<typeof InMemoryProxyChallenge>[1] = {},
  methods: readonly string[] = ['INVITE'],
): void {
  core = new InMemoryProxyChallenge(world.clock, options);
  core.passwords.set(impi, password);
  answerBy((request) => (methods.includes(request.method) && isOfAlice(request) ? core.refuse(request) : undefined));
}

/** What is undefined goes on. */
function answerBy(find: (request: SipRequest) => SipResponse | undefined): void {
  world.gateway.onRequest = (transaction) => {
    const response = find(transaction.request);
    if (response !== undefined) transaction.respond(response);
    return response !== undefined;
  };
}

const isOfAlice = ({ headers }: SipRequest): boolean => headers.first('From')?.includes('alice') === true;
const requests = (method: string) => world.gateway.requests(method).filter(isOfAlice);
const invites = () => requests('INVITE');
const sequences = () => invites().map(({ headers }) => headers.first('CSeq'));
const credentialsOf = (request: SipRequest | undefined) => {
  const value = request?.headers.first('Proxy-Authorization');
  return value === undefined ? undefined : parseDigestCredentials(value, 'Proxy-Authorization');
};
const notAllowed = { status: 'failed', end: { by: 'remote', cause: 'not allowed' } };

async function register(credentials = { kind: 'digest', password } as const) {
  const bob = await world.register('bob', { credentials: { kind: 'digest', password } });
  const alice = await world.register('alice', { credentials });
  return { alice, bob };
}

/** Alice calls Bob; what becomes of it within 300 ms. */
async function dial() {
  const { alice, bob } = await register();
  const call = alice.wic.call('bob', { video: false });
  await world.clock.advance(300);
  return { alice, bob, call };
}

describe('the challenge of a proxy (407)', () => {
  it('[N.2.1.2 f] [N.2.1.2] [WIC 7] to an INVITE is answered at once, and the call comes about', async () => {
    const { bob, call } = await dial();
    expect(call.getSnapshot().status).toBe('ringing');
    const [first, second, ...more] = invites();
    expect(more).toEqual([]);
    expect(first?.headers.has('Proxy-Authorization')).toBe(false);
    expect(credentialsOf(second)).toMatchObject({
      username: impi,
      realm: 'ims.example',
      uri: 'sip:bob@ims.example',
      algorithm: 'SHA-256',
      qop: 'auth',
    });
    expect(second?.headers.has('Authorization')).toBe(false);
    expect(second?.headers.first('Call-ID')).toBe(first?.headers.first('Call-ID'));
    expect(second?.headers.first('From')).toBe(first?.headers.first('From'));
    expect(sequences()).toEqual(['1 INVITE', '2 INVITE']);
    await Promise.all([lastCall(bob.wic).answer({ video: false }), world.clock.advance(400)]);
    expect(call.getSnapshot().status).toBe('in call');
    call.hangUp();
    await world.clock.advance(100);
    expect(requests('BYE').map(({ headers }) => headers.first('CSeq'))).toEqual(['3 BYE']);
  });

  it('[N.2.1.2 f] [RFC 3261 17.1.1.3] is acknowledged, and the 2xx by the CSeq and the credentials that it came for', async () => {
    const { bob } = await dial();
    await Promise.all([lastCall(bob.wic).answer({ video: false }), world.clock.advance(400)]);
    const [refusal, success] = requests('ACK');
    expect(refusal?.headers.first('CSeq')).toBe('1 ACK');
    expect(refusal?.headers.first('Via')).toBe(invites()[0]?.headers.first('Via'));
    expect(success?.headers.first('CSeq')).toBe('2 ACK');
    expect(success?.headers.first('Proxy-Authorization')).toBe(invites()[1]?.headers.first('Proxy-Authorization'));
  });

  it('[N.2.1.2 f] [RFC 5626 4.2] costs the first INVITE nothing of its 300 ms', async () => {
    world.ice.gathering = [0, 100, 5_000];
    const { alice } = await register();
    alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(invites()).toHaveLength(2);
  });

  it('[N.2.1.2 f] is kept: the next request answers it with the next nonce count before it is asked', async () => {
    useCore({}, ['INVITE', 'SUBSCRIBE']);
    const { alice, call } = await dial();
    call.hangUp();
    await world.clock.advance(6_000);
    alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    const counts = [...requests('SUBSCRIBE'), ...invites()].map((request) => credentialsOf(request)?.nonceCount);
    expect(counts).toEqual([undefined, 1, 2, 3]);
    expect(sequences()).toEqual(['1 INVITE', '1 INVITE']);
  });

  it('[N.2.1.2 NOTE 2] with stale is answered anew', async () => {
    const { alice, call } = await dial();
    call.hangUp();
    await world.clock.advance(400_000);
    const again = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(again.getSnapshot().status).toBe('ringing');
    expect(invites().slice(-2).map(credentialsOf)).toMatchObject([{ nonceCount: 2 }, { nonceCount: 1 }]);
  });

  it('[N.2.1.2 NOTE 2] [N.2.1.2 f] that is always stale ends the call', async () => {
    const { alice } = await register();
    answerBy((request) => (request.method === 'INVITE' ? core.challenge(request, true) : undefined));
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(3);
  });

  it('[N.2.1.2 f] after a refused answer is not answered again, and the call ends with a cause', async () => {
    const { alice } = await register();
    answerBy((request) => (request.method === 'INVITE' ? core.challenge(request) : undefined));
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(2);
  });

  it('[N.2.1.2] [N.2.1.2 f] the 403 to a wrong answer ends the call with a cause', async () => {
    const { alice } = await register();
    answerBy((request) => {
      if (request.method !== 'INVITE') return undefined;
      return request.headers.has('Proxy-Authorization') ? createResponse(request, 403) : core.challenge(request);
    });
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
  });

  it('[N.2.1.2 NOTE 1a] [WIC 7] has a nonce, cnonce and count of its own, beside those of registrations', async () => {
    useCore({}, ['INVITE', 'SUBSCRIBE']);
    world.gateway.grantedSeconds = 2_000;
    await dial();
    await world.clock.advance(1_500_000);
    const registered = requests('REGISTER').flatMap(({ headers }) => headers.all('Authorization'));
    const asked = [...requests('SUBSCRIBE'), ...invites()].map(credentialsOf).filter((sent) => sent !== undefined);
    expect(asked.length).toBeGreaterThan(1);
    for (const value of registered) {
      const { nonce, cnonce } = parseDigestCredentials(value);
      expect(asked.map((sent) => sent.nonce)).not.toContain(nonce);
      expect(asked.map((sent) => sent.cnonce)).not.toContain(cnonce);
    }
    for (const { headers } of requests('REGISTER')) expect(headers.has('Proxy-Authorization')).toBe(false);
  });

  it.each([
    { what: 'of another realm', options: { realm: 'other.example' } },
    { what: 'weaker than that of the registration', options: { algorithms: ['MD5'] } },
    { what: 'of no algorithm there is', options: {}, change: [/algorithm=[\w-]+/gu, 'algorithm=CRC'] },
    { what: 'without qop', options: {}, change: [/,\s*qop="auth"/gu, ''] },
  ] as const)('[N.2.1.2 f] $what is not answered: no credentials leave', async ({ options, ...rest }) => {
    const { alice } = await register();
    useCore(options);
    answerBy((request) => {
      const response = request.method === 'INVITE' ? core.refuse(request) : undefined;
      if (response === undefined || !('change' in rest)) return response;
      const [from, to] = rest.change;
      const values = response.headers.all('Proxy-Authenticate').map((value) => value.replaceAll(from, to));
      const headers = values.reduce(
        (kept, value) => kept.with('Proxy-Authenticate', value),
        response.headers.without('Proxy-Authenticate'),
      );
      return { ...response, headers };
    });
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(1);
    expect(invites()[0]?.headers.has('Proxy-Authorization')).toBe(false);
  });

  it('[N.2.1.2 f] of a server in the realm of the network (401) is not answered', async () => {
    const { alice } = await register();
    answerBy((request) => {
      if (request.method !== 'INVITE') return undefined;
      const value = 'Digest realm="ims.example",nonce="n",algorithm=SHA-256,qop="auth"';
      return createResponse(request, 401, { toTag: 'x', headers: [['WWW-Authenticate', value]] });
    });
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(1);
  });

  it('[N.2.1.2 f] after the phone of the callee has rung is not answered: it is not of our S-CSCF', async () => {
    const { alice } = await register();
    world.gateway.onRequest = (transaction) => {
      const { request } = transaction;
      if (request.method !== 'INVITE') return false;
      const headers = [['Contact', '<sip:x@phone.example>']] as const;
      transaction.respond(createResponse(request, 180, { toTag: 'phone', headers }));
      transaction.respond(core.challenge(request));
      return true;
    };
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(1);
  });

  it('[N.2.1.2 f] [RFC 3261 9.1] a call given up while the second INVITE is under way is cancelled by that', async () => {
    const { alice, bob } = await dial();
    const call = lastCall(alice.wic);
    call.hangUp();
    await world.clock.advance(100);
    const [cancel, ...more] = requests('CANCEL');
    expect(more).toEqual([]);
    expect(cancel?.headers.first('CSeq')).toBe('2 CANCEL');
    expect(cancel?.headers.first('Via')).toBe(invites()[1]?.headers.first('Via'));
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(lastCall(bob.wic).getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
  });

  it('[N.2.1.2 f] [RFC 3261 9.1] a call given up before the challenge came sends no second INVITE', async () => {
    const { alice } = await register();
    let challenge: () => void = () => undefined;
    world.gateway.onRequest = (transaction) => {
      if (transaction.request.method !== 'INVITE') return false;
      challenge = () => transaction.respond(core.challenge(transaction.request));
      return true;
    };
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    call.hangUp();
    challenge();
    await world.clock.advance(300);
    expect(invites()).toHaveLength(1);
    expect(requests('ACK')).toHaveLength(1);
  });

  it('[N.2.1.2 f] to the SUBSCRIBE for the own registration is answered, and the subscription stands', async () => {
    useCore({}, ['SUBSCRIBE']);
    await register();
    expect(requests('SUBSCRIBE')).toHaveLength(2);
    expect(credentialsOf(requests('SUBSCRIBE')[1])).toMatchObject({ username: impi, nonceCount: 1 });
    expect(world.gateway.registrationEvent.subscriptionsOf('sip:alice@ims.example')).toHaveLength(1);
  });

  it('[N.2.1.2] [N.2.1.2 f] is not answered by who is registered by a token', async () => {
    world.gateway.onRequest = () => false;
    const alice = await world.register('alice');
    useCore();
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect(call.getSnapshot()).toMatchObject(notAllowed);
    expect(invites()).toHaveLength(1);
  });
});

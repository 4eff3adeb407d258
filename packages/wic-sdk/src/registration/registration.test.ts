import { createResponse, parseNameAddr } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { AccessNotGranted, SignedOut } from '../errors.ts';
import { type GatewayTransaction, InMemoryWorld, impuOf } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

type Header = readonly [string, string];

/** Answers every REGISTER with `statusCode`, and closes the connection where `closes`. */
function refuse(statusCode: number, headers: readonly Header[] = [], closes = false): void {
  world.gateway.onRequest = (transaction: GatewayTransaction) => {
    if (transaction.request.method !== 'REGISTER') return false;
    transaction.respond(createResponse(transaction.request, statusCode, { toTag: 'gw', headers }));
    if (closes) transaction.flow.socket.close();
    return true;
  };
}

const registers = () => world.gateway.requests('REGISTER');
const bearerError = (error: string): Header => ['WWW-Authenticate', `Bearer realm="ims.example", error="${error}"`];

describe('REGISTER', () => {
  it('[X.3.2.3-3] carries the token, the instance and what a WIC asks for', async () => {
    await world.register('alice', { displayName: 'Alice' });
    const [request] = registers();
    const headers = request?.headers;
    expect(request?.requestUri).toBe('sip:ims.example');
    expect(headers?.first('Authorization')).toBe('Bearer access_token="token"');
    expect(headers?.first('Via')).toMatch(/^SIP\/2\.0\/WSS \w+\.invalid;keep;branch=z9hG4bK/u);
    const contact = parseNameAddr(headers?.first('Contact') ?? '');
    expect(contact.uri).toMatch(/^sip:\w+@\w+\.invalid;transport=ws$/u);
    expect(contact.params.get('reg-id')).toBe('1');
    expect(contact.params.get('+sip.instance')).toMatch(/^"<urn:uuid:[0-9a-f-]{36}>"$/u);
    expect(headers?.first('Expires')).toBe('600000');
    expect(headers?.all('Supported')).toEqual(['path', 'gruu', 'outbound']);
    expect(headers?.first('3gpp-ext-turn-cred')).toBe('request');
  });

  it('[RFC 8898 2.1.1] writes the token in the other way when asked to', async () => {
    await world.register('alice', { bearerSyntax: 'RFC 8898' });
    expect(registers()[0]?.headers.first('Authorization')).toBe('Bearer token');
  });

  it('[RFC 5626 4.1] keeps its instance over a reload', async () => {
    const browser = world.openBrowser();
    for (const _ of [1, 2]) {
      const { wic } = browser.open(impuOf('alice'));
      void wic.register();
      await world.clock.settle();
      wic.close();
      await world.clock.settle();
    }
    const instances = registers().map(({ headers }) => /urn:uuid:[^>]+/u.exec(headers.first('Contact') ?? '')?.[0]);
    expect(instances).toHaveLength(2);
    expect(instances[0]).toBe(instances[1]);
  });

  it('[24.229 5.1.1.2] takes identity, route and TURN credential from the 200', async () => {
    const alice = await world.register('alice');
    expect(alice.wic.registration.getSnapshot()).toEqual({
      status: 'registered',
      scheme: 'web',
      impu: impuOf('alice'),
      impus: [impuOf('alice')],
      impi: undefined,
      displayName: undefined,
      expiresAtMs: world.clock.now() + 600_000_000,
      gateway: 'wss://gateway.example/',
    });
    await world.register('bob');
    alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    const [connection] = world.ice.connections;
    expect(connection?.configuration.iceServers).toEqual([
      { urls: ['turn:turn.example:3478'], username: 'ab12:1800003600', credential: 'c2VjcmV0' },
    ]);
  });

  it.each([
    { granted: 600_000, afterSeconds: 599_400 },
    { granted: 1_201, afterSeconds: 601 },
    { granted: 1_200, afterSeconds: 600 },
    { granted: 60, afterSeconds: 30 },
  ])('[24.229 5.1.1.4.1] is renewed after $afterSeconds of $granted s, on the same connection', async (row) => {
    world.gateway.grantedSeconds = row.granted;
    world.gateway.registerHeaders = [];
    await world.register('alice');
    await world.clock.advance(row.afterSeconds * 1_000 - 1);
    expect(registers()).toHaveLength(1);
    await world.clock.advance(1);
    expect(registers()).toHaveLength(2);
    expect(world.gateway.flows.size).toBe(1);
    const [first, second] = registers().map(({ headers }) => [headers.first('Call-ID'), headers.first('CSeq')]);
    expect(second?.[0]).toBe(first?.[0]);
    expect([first?.[1], second?.[1]]).toEqual(['1 REGISTER', '2 REGISTER']);
  });

  it('[X.5.2.2] is renewed before the TURN credential expires', async () => {
    world.gateway.registerHeaders = [['3gpp-ext-turn-cred', 'ab12:1800001800:c2VjcmV0']];
    await world.register('alice');
    await world.clock.advance(1_199_000);
    expect(registers()).toHaveLength(1);
    await world.clock.advance(1_000);
    expect(registers()).toHaveLength(2);
  });

  it('[RFC 3261 10.2.8] is repeated with Min-Expires after 423', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      if (request.headers.first('Expires') !== '600000') return false;
      respond(createResponse(request, 423, { toTag: 'gw', headers: [['Min-Expires', '700000']] }));
      return true;
    };
    const { wic } = await world.register('alice');
    expect(registers().map(({ headers }) => headers.first('Expires'))).toEqual(['600000', '700000']);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 3261 10.2.2] ends the registration, and the calls before it', async () => {
    const { wic } = await world.register('alice');
    const bob = await world.register('bob');
    wic.call('bob', { video: false });
    await world.clock.advance(300);
    void wic.deregister();
    await world.clock.advance(100);
    expect(registers().at(-1)?.headers.first('Expires')).toBe('0');
    expect(wic.registration.getSnapshot().status).toBe('not registered');
    expect(bob.wic.calls.getSnapshot()[0]?.getSnapshot().end?.cause).toBe('cancelled');
    expect(world.gateway.flowsOf(impuOf('alice'))).toEqual([]);
  });

  it('waits 2 s for the network to confirm the end, not longer', async () => {
    const { wic } = await world.register('alice');
    world.gateway.onRequest = () => true;
    let isDone = false;
    void wic.deregister().then(() => {
      isDone = true;
    });
    await world.clock.advance(1_999);
    expect(isDone).toBe(false);
    await world.clock.advance(1);
    expect(isDone).toBe(true);
    expect(wic.registration.getSnapshot().status).toBe('not registered');
  });
});

describe('a refusal', () => {
  it('[X.3.2.3-4] of the token: a fresh one is tried once, on a new connection', async () => {
    const tokens = ['old', 'new'];
    world.gateway.onRequest = (transaction) => {
      if (!transaction.request.headers.first('Authorization')?.includes('old')) return false;
      transaction.respond(
        createResponse(transaction.request, 401, { toTag: 'gw', headers: [bearerError('invalid_token')] }),
      );
      transaction.flow.socket.close();
      return true;
    };
    const { wic } = await world.register('alice', { accessToken: async () => tokens.shift() ?? 'none' });
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(registers()).toHaveLength(2);
  });

  it.each([
    { statusCode: 401, headers: [bearerError('invalid_token')], tries: 2, detail: 'token refused' },
    { statusCode: 403, headers: [bearerError('invalid_token')], tries: 2, detail: 'token refused' },
    { statusCode: 403, headers: [bearerError('insufficient_scope')], tries: 1, detail: 'token refused' },
    { statusCode: 401, headers: [], tries: 2 },
    { statusCode: 403, headers: [], tries: 1 },
    { statusCode: 400, headers: [], tries: 1 },
    { statusCode: 439, headers: [], tries: 1 },
    { statusCode: 423, headers: [], tries: 1 },
    { statusCode: 603, headers: [], tries: 1 },
  ])('[contract] $statusCode is final after $tries', async ({ statusCode, headers, tries, detail }) => {
    refuse(statusCode, headers, true);
    const { wic } = await world.register('alice');
    expect(wic.registration.getSnapshot()).toMatchObject({
      status: 'failed',
      reason: 'refused',
      ...(detail && { detail }),
    });
    await world.clock.advance(100_000);
    expect(registers()).toHaveLength(tries);
    expect(world.gateway.flows.size).toBe(0);
  });

  it.each([430, 480, 500, 503, 504])('[RFC 3261 10.2.8] %i goes by: another try follows', async (statusCode) => {
    refuse(statusCode);
    const browser = world.openBrowser();
    const { wic } = browser.open(impuOf('alice'));
    void wic.register();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 2 });
    world.gateway.onRequest = () => false;
    await world.clock.advance(2_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 3261 20.33] honours Retry-After, and is not hurried', async () => {
    refuse(503, [['Retry-After', '120']]);
    const browser = world.openBrowser();
    const { wic, wake } = browser.open(impuOf('alice'));
    void wic.register();
    await world.clock.advance(100);
    wake();
    await world.clock.advance(119_000);
    expect(registers()).toHaveLength(1);
    await world.clock.advance(2_000);
    expect(registers()).toHaveLength(2);
  });

  it('[RFC 3261 20.33] is tried at once all the same where the person wants it', async () => {
    refuse(503, [['Retry-After', '120']]);
    const { wic } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    await world.clock.advance(100);
    wic.retryNow();
    await world.clock.settle();
    expect(registers()).toHaveLength(2);
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 3 });
    world.gateway.onRequest = () => false;
    wic.retryNow();
    await world.clock.settle();
    expect(wic.registration.getSnapshot().status).toBe('registered');
    wic.retryNow();
    await world.clock.settle();
    expect(registers()).toHaveLength(3);
  });

  it('[REQ 2.1] where the person no longer allows the web server: no network trouble, and told apart', async () => {
    const { wic } = await world.register('alice', { accessToken: () => Promise.reject(new AccessNotGranted()) });
    expect(wic.registration.getSnapshot()).toMatchObject({ reason: 'not signed in', detail: 'not granted' });
    await world.clock.advance(100_000);
    expect(registers()).toEqual([]);
    wic.retryNow();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed' });
  });

  it('[contract] a web session that has ended is no network trouble', async () => {
    const { wic } = await world.register('alice', { accessToken: () => Promise.reject(new SignedOut()) });
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'not signed in' });
    expect(registers()).toEqual([]);
  });

  it('a 200 without our Contact is no registration', async () => {
    world.gateway.onRequest = ({ request, respond }) => {
      respond(
        createResponse(request, 200, { toTag: 'gw', headers: [['Contact', '<sip:other@x.invalid>;expires=60']] }),
      );
      return true;
    };
    const { wic } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 2 });
  });
});

import { CxPeerFailed, CxTimeout, CxTooBusy } from '@wicgate/cx';
import { createResponse } from '@wicgate/sip';
import { connectPlain, connectSecure, mutations, openDatagramPeer, requestText } from '@wicgate/sip-node/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentities } from './testing/identities.ts';
import { strangerText } from './testing/stranger-text.ts';
import {
  answerOf,
  call,
  callFrom,
  register,
  registered,
  startNetwork,
  type TestNetwork,
} from './testing/test-network.ts';

const identities = await createIdentities();

// A fault of the core's own would end the process; here it would end the test run.
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);
beforeAll(() => void process.on('uncaughtException', note).on('unhandledRejection', note));
afterAll(() => {
  process.off('uncaughtException', note).off('unhandledRejection', note);
  expect(uncaught).toEqual([]);
});

/** A call of alice to bob works. */
async function expectCall(network: TestNetwork, aliceRoute: string, callId: string): Promise<void> {
  const exchange = await call(network, 'alice', aliceRoute, { callId });
  const invite = await network.edge.arrive('INVITE', ({ headers }) => headers.first('Call-ID') === callId);
  invite.respond(answerOf(invite.request, 200));
  expect((await exchange.final).statusCode).toBe(200);
}

async function metric(network: TestNetwork, line: string): Promise<number | undefined> {
  const text = await network.operations.metrics.metrics();
  const found = text.split('\n').find((other) => other.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

describe('the HSS is away', () => {
  it('[TS 29.228 6.1] requests that need it end with 5xx, and work again when it is back', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    for (const [error, statusCode] of [
      [new CxPeerFailed('UAR', new Error('a fault of the HSS')), 500],
      [new CxTimeout('UAR', 5_000), 504],
      [new CxTooBusy('UAR', 1), 503],
    ] as const) {
      network.fault.error = error;
      const { edge, iCscf } = network;
      expect((await register(network, 'carol')).statusCode).toBe(statusCode);
      const called = edge.createRequest({
        method: 'MESSAGE',
        uri: 'sip:bob@ims.example',
        from: 'sip:a@b',
        to: 'sip:b@c',
      });
      expect((await (await edge.send(called, iCscf)).final).statusCode).toBe(statusCode);
    }
    network.fault.error = undefined;
    await registered(network, 'carol');
    await expectCall(network, aliceRoute, 'when-it-is-back');
    await network.hss.stop();
    expect((await register(network, 'carol')).statusCode).toBe(504);
  });

  it('[TS 24.229 5.4.1.2] a registration that the S-CSCF cannot tell of is none', async () => {
    const network = await startNetwork(identities);
    const { edge, sCscf } = network;
    network.fault.error = new CxTimeout('SAR', 5_000);
    const refused = await (await edge.send(edge.createRegister('alice'), sCscf)).final;
    expect(refused.statusCode).toBe(504);
    expect(await metric(network, 'core_registrations')).toBe(0);
    network.fault.error = undefined;
    await registered(network, 'alice');
  });

  it('[TS 24.229 5.4.1.4] a registration that it cannot be told of ends all the same', async () => {
    const network = await startNetwork(identities, { settings: { CORE_MIN_EXPIRES_SECONDS: '1' } });
    await registered(network, 'alice', { expires: 1 });
    await network.hss.stop();
    await network.log.when((line) => line.includes('"hss.not-told"'));
    expect(await metric(network, 'core_registrations')).toBe(0);
  });
});

describe('senders that go away', () => {
  it('[RFC 3261 17.2.2] before their REGISTER is answered harm nobody', async () => {
    const network = await startNetwork(identities);
    for (let times = 0; times < 20; times += 1) {
      const peer = await connectPlain(network.core.iCscfPort);
      peer.write(requestText({ method: 'REGISTER', uri: 'sip:ims.example', branch: `z9hG4bK${times}` }));
      peer.write(requestText({ method: 'INVITE', uri: 'sip:bob@ims.example', branch: `z9hG4bKi${times}` }));
      peer.socket.resetAndDestroy();
    }
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    await expectCall(network, aliceRoute, 'after');
  });

  it('[RFC 3261 16.10] CANCEL right behind the INVITE: the callee does not ring, or no longer', async () => {
    const network = await startNetwork(identities);
    const { edge, sCscf } = network;
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const request = callFrom(network, 'alice', aliceRoute);
    const exchange = await edge.send(request, sCscf);
    exchange.cancel();
    expect((await exchange.final).statusCode).toBe(487);
  });
});

describe('[RFC 6750 5.3] the log', () => {
  it('holds no identity, no credential and no token, whatever was sent', async () => {
    const network = await startNetwork(identities);
    const secrets = ['s3cr3t-token', 'n0nce-value', 'p4ssword', 'alice@ims.example', 'bob@ims.example'];
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    await expectCall(network, aliceRoute, 'logged');
    await register(network, 'alice', { authorization: ['Bearer s3cr3t-token'] });
    await register(network, 'alice', { authorization: ['Digest username="alice@ims.example",response="p4ssword",,'] });
    await register(network, 'alice', { headers: [['Require', 's3cr3t-token']] });
    await register(network, 'alice', { impi: 'bob@ims.example' });
    await register(network, 'alice', { expires: 1 });
    await call(network, 'alice', aliceRoute, { callee: 'sip:bob@n0nce-value.example' });
    const peer = await connectPlain(network.core.iCscfPort);
    peer.write(requestText({ headers: ['Authorization: Digest nonce="n0nce-value"', 'CSeq: s3cr3t-token'] }));
    await peer.receive('SIP/2.0 400');
    await network.hss.subscriptions.deregister('alice@ims.example');
    expect(network.log.all.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(network.log.all.filter((line) => line.includes(secret))).toEqual([]);
  });

  it('is not filled by senders who prove nothing', async () => {
    const network = await startNetwork(identities);
    const peer = await connectPlain(network.core.iCscfPort);
    const count = 200;
    for (let number = 0; number < count; number += 1)
      peer.write(requestText({ uri: 'http:x', branch: `z9hG4bK${number}` }));
    await peer.receiveTimes('SIP/2.0 416', count);
    expect(network.log.all.filter((line) => line.includes('request.refused')).length).toBeLessThan(40);
    expect(await metric(network, 'core_refusals_total{cscf="i-cscf",code="ERR_CORE_UNSUPPORTED_SCHEME"}')).toBe(count);
  });
});

describe('[RFC 3261 26.3.2.4] senders who prove nothing', () => {
  it.each(['iCscfPort', 'sCscfPort'] as const)('[RFC 3261 26.3.2.4] by %s: beyond the burst 503', async (port) => {
    const settings = { CORE_UNTRUSTED_BURST: '5', CORE_UNTRUSTED_REQUESTS_PER_SECOND: '1' };
    const network = await startNetwork(identities, { settings });
    const peer = await connectPlain(network.core[port]);
    for (let number = 0; number < 20; number += 1)
      peer.write(strangerText({ uri: 'sip:nobody@ims.example', branch: `z9hG4bK${number}` }));
    await peer.receiveTimes('SIP/2.0 4', 5);
    expect(await peer.receive('Retry-After: 5\r\n')).toContain('SIP/2.0 503 Too Many Requests');
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    for (let number = 0; number < 10; number += 1) await expectCall(network, aliceRoute, `trusted-${number}`);
  });
});

describe('metrics and restart', () => {
  it('counts registrations, contacts, requests, refusals and what is malformed', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice', { contacts: ['<sip:a@one.invalid>', '<sip:a@two.invalid>'] });
    await registered(network, 'bob');
    await expectCall(network, aliceRoute, 'counted');
    await call(network, 'carol', aliceRoute, { method: 'MADEUP' }).then(({ final }) => final);
    const peer = await connectPlain(network.core.iCscfPort);
    peer.write(requestText().replace('CSeq: 1 ', 'CSeq: x '));
    await peer.receive('SIP/2.0 400');
    expect(await metric(network, 'core_registrations')).toBe(2);
    expect(await metric(network, 'core_bindings')).toBe(3);
    expect(await metric(network, 'core_requests_total{cscf="s-cscf",method="REGISTER",status="2xx"}')).toBe(2);
    expect(await metric(network, 'core_requests_total{cscf="i-cscf",method="REGISTER",status="2xx"}')).toBe(2);
    // Once from the caller, once to the callee.
    expect(await metric(network, 'core_requests_total{cscf="s-cscf",method="INVITE",status="2xx"}')).toBe(2);
    expect(await metric(network, 'core_requests_total{cscf="s-cscf",method="other",status="4xx"}')).toBe(1);
    expect(await metric(network, 'core_refusals_total{cscf="s-cscf",code="ERR_CORE_CALLER_NOT_REGISTERED"}')).toBe(1);
    expect(await metric(network, 'core_malformed_messages_total{cscf="i-cscf",code="ERR_SIP_HEADER_MALFORMED"}')).toBe(
      1,
    );
    expect(await metric(network, 'core_connections{cscf="s-cscf"}')).toBeGreaterThan(0);
    expect(await metric(network, 'core_transactions{cscf="s-cscf"}')).toBeGreaterThan(0);
  });

  it('stops within 2 s in the middle of calls, and starts again in the same process', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE');
    invite.respond(createResponse(invite.request, 180, { toTag: 'bob' }));
    await exchange.responses.when(({ statusCode }) => statusCode === 180);
    const before = performance.now();
    await network.core.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
    await expect(exchange.final).rejects.toThrow('transport error');
    expect(await metric(network, 'core_registrations')).toBeUndefined();
    const core = await network.restart();
    const { edge } = network;
    const iCscf = { address: core.iCscfAddress, name: 'i-cscf.ims.example' };
    expect((await (await edge.send(edge.createRegister('alice'), iCscf)).final).statusCode).toBe(200);
    expect(await metric(network, 'core_registrations')).toBe(1);
  });

  it('a port in use is named, and nothing stays open', async () => {
    const network = await startNetwork(identities);
    const taken = String(network.core.iCscfPort);
    await expect(startNetwork(identities, { settings: { CORE_ICSCF_PORT: taken } })).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      message: expect.stringContaining('CORE_ICSCF_PORT'),
    });
    await registered(network, 'alice');
  });
});

describe('2000 mutated messages on each listener', () => {
  const texts = (network: TestNetwork): readonly string[] => [
    requestText({
      method: 'REGISTER',
      uri: 'sip:ims.example',
      via: 'SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKr;rport',
      headers: [
        'Max-Forwards: 70',
        'Contact: <sip:alice@192.0.2.1>;+sip.instance="<urn:uuid:1>";reg-id=1',
        'Authorization: Digest username="alice@ims.example",realm="ims.example",nonce="",integrity-protected="auth-done"',
        'Path: <sip:flow@192.0.2.1:5061;transport=tls;lr;ob>',
        'Expires: 600',
      ],
    }),
    requestText({
      method: 'INVITE',
      uri: 'sip:bob@ims.example',
      via: 'SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKi;rport',
      headers: [
        'Max-Forwards: 3',
        `Route: <sip:orig@${network.core.sCscfAddress};transport=tls;lr>, <sip:${network.edge.address};lr>`,
        'P-Asserted-Identity: "Alice" <sip:alice@ims.example>, <tel:+4930>',
        'P-Access-Network-Info: IEEE-802.11;network-provided',
        'Record-Route: <sip:192.0.2.1;lr>',
      ],
      body: 'v=0',
    }),
  ];

  it.each(['tls', 'tcp', 'udp'] as const)('%s: the process lives and calls go on', async (transport) => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const { core } = network;
    const targets = [
      { address: core.iCscfAddress, port: core.iCscfPort, name: 'i-cscf.ims.example' },
      { address: core.sCscfAddress, port: core.sCscfPort, name: 's-cscf.ims.example' },
    ];
    for (const { address, port, name } of targets) {
      const octets = texts(network).flatMap((text, index) => mutations(text, 1_000, 7 + index));
      if (transport === 'udp') {
        const peer = await openDatagramPeer();
        for (const message of octets) {
          peer.send(message, port);
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
      } else {
        const connect = () =>
          transport === 'tcp'
            ? connectPlain(port)
            : connectSecure(Number(address.split(':')[1]), { ...identities.edge, servername: name });
        let peer = await connect();
        for (const message of octets) {
          if (peer.socket.destroyed || !peer.socket.writable) peer = await connect();
          peer.write(message);
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
      }
    }
    await expectCall(network, aliceRoute, `after-${transport}`);
    expect(network.log.all.filter((line) => line.includes('request.failed'))).toEqual([]);
    expect(uncaught).toEqual([]);
  });
});

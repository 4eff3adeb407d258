import type { SipRequest } from '@wicgate/sip';
import { connectPlain, openDatagramPeer, requestText } from '@wicgate/sip-node/testing';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { ScriptedEdge } from '../testing/scripted-edge.ts';
import { strangerText } from '../testing/stranger-text.ts';
import { answerOf, call, registered, startNetwork, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

interface Established {
  readonly network: TestNetwork;
  readonly invite: SipRequest;
  /** A later request of the caller, or of the callee. */
  readonly next: (method: string, from: 'alice' | 'bob') => SipRequest;
}

/** alice has called bob, bob has answered. */
async function establish(): Promise<Established> {
  const network = await startNetwork(identities);
  const { edge } = network;
  const aliceRoute = await registered(network, 'alice');
  await registered(network, 'bob');
  const exchange = await call(network, 'alice', aliceRoute, { callId: 'dialog' });
  const transaction = await edge.arrive('INVITE');
  const { request: invite } = transaction;
  // Our edge stands for bob's as well: its own Record-Route would be on top.
  const ok = answerOf(invite, 200);
  transaction.respond(ok);
  const { headers } = await exchange.final;
  const routes = headers.all('Record-Route');
  const alice = invite.headers.first('From') ?? '';
  const bob = headers.first('To') ?? '';
  const next = (method: string, from: 'alice' | 'bob'): SipRequest => {
    // Each side leaves out the entry of its own edge proxy.
    const route = from === 'alice' ? [...routes].reverse().slice(1) : routes;
    return edge.createRequest({
      method,
      uri: `sip:${from === 'alice' ? 'bob' : 'alice'}@${edge.address};transport=tls`,
      from: from === 'alice' ? alice : bob,
      to: from === 'alice' ? bob : alice,
      callId: 'dialog',
      cseq: method === 'ACK' ? 1 : 2,
      headers: [['Route', route.join(', ')]],
    });
  };
  return { network, invite, next };
}

describe('[RFC 3261 16.4] [TS 24.229 5.4.3] requests in a dialog', () => {
  it('[RFC 3261 16.12] the dialog runs through the S-CSCF, for the caller and for the callee', async () => {
    const { network, invite } = await establish();
    const own = `<sip:${network.core.sCscfAddress};transport=tls;lr>`;
    expect(invite.headers.all('Record-Route')).toEqual([own, own, network.edge.route('call-alice')]);
  });

  it('[RFC 3261 16.11] ACK of the 2xx follows the route', async () => {
    const { network, next } = await establish();
    await network.edge.sendAck(next('ACK', 'alice'), network.sCscf);
    const ack = await network.edge.next('ACK');
    expect(ack.headers.has('Route')).toBe(false);
    expect(ack.headers.first('Max-Forwards')).toBe('69');
  });

  it.each(['alice', 'bob'] as const)('[RFC 3261 16.6] BYE of %s follows the route', async (from) => {
    const { network, next } = await establish();
    const bye = next('BYE', from);
    const exchange = await network.edge.send(bye, network.sCscf);
    const arrived = await network.edge.arrive('BYE');
    expect(arrived.request.requestUri).toBe(bye.requestUri);
    expect(arrived.request.headers.all('Route')).toEqual(from === 'bob' ? [network.edge.route('call-alice')] : []);
    expect(arrived.request.headers.has('Record-Route')).toBe(false);
    arrived.respond(answerOf(arrived.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it('[RFC 3261 14] a later INVITE passes as well, also when its sender is registered no more', async () => {
    const { network, next } = await establish();
    await network.hss.subscriptions.deregister('alice@ims.example');
    const exchange = await network.edge.send(next('INVITE', 'alice'), network.sCscf);
    const again = await network.edge.arrive('INVITE', ({ headers }) => headers.first('CSeq') === '2 INVITE');
    again.respond(answerOf(again.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it.each([
    ['no Route', [], 481],
    ['a Route of somebody else', ['<sip:192.0.2.1:5061;lr>'], 481],
  ] as const)('[RFC 3261 12.2.2] with %s have no way', async (_name, routes, statusCode) => {
    const network = await startNetwork(identities);
    const { edge, sCscf } = network;
    const request = edge.createRequest({
      method: 'BYE',
      uri: 'sip:bob@ims.example',
      from: 'sip:alice@ims.example',
      to: '<sip:bob@ims.example>;tag=bob',
      headers: routes.map((route) => ['Route', route] as const),
    });
    expect((await (await edge.send(request, sCscf)).final).statusCode).toBe(statusCode);
  });

  it('[RFC 3261 12.2.2] to our own address, or to nobody, end with 404', async () => {
    const network = await startNetwork(identities);
    const { edge, sCscf } = network;
    for (const uri of [`sip:${network.core.sCscfAddress}`, 'sip:bob@192.0.2.1', 'tel:+4930']) {
      const request = edge.createRequest({
        method: 'BYE',
        uri,
        from: 'sip:alice@ims.example',
        to: '<sip:bob@ims.example>;tag=bob',
        headers: [['Route', `<sip:${network.core.sCscfAddress};transport=tls;lr>`]],
      });
      const { statusCode } = await (await edge.send(request, sCscf)).final;
      // To ourselves it goes in a circle of one hop.
      expect([404, 481]).toContain(statusCode);
    }
  });

  it('[U.1] of untrusted peers are refused, whatever route they know', async () => {
    const { network, next } = await establish();
    const stranger = await ScriptedEdge.start(identities.stranger);
    await stranger.sendAck(next('ACK', 'alice'), network.sCscf);
    for (const from of ['alice', 'bob'] as const) {
      const refused = await (await stranger.send(next('BYE', from), network.sCscf)).final;
      expect(refused).toMatchObject({ statusCode: 403, reasonPhrase: 'Requests in a dialog need a trusted peer' });
    }
    const byICscf = await (await stranger.send(next('BYE', 'alice'), network.iCscf)).final;
    expect(byICscf.statusCode).toBe(403);
    const plain = await connectPlain(network.core.sCscfPort);
    const [route] = next('BYE', 'bob').headers.all('Route');
    plain.write(
      strangerText({
        method: 'BYE',
        uri: 'sip:bob@wic.invalid',
        headers: [`Route: ${route}, ${network.edge.route('flow-bob')}`],
      }).replace('To: <sip:bob@ims.example>', 'To: <sip:bob@ims.example>;tag=invented'),
    );
    await plain.receive('SIP/2.0 403 Requests in a dialog need a trusted peer');
    const methods = network.edge.arrivals.all.map(({ request }) => request.method);
    expect(methods.filter((method) => method !== 'INVITE')).toEqual([]);
  });

  it('[RFC 3261 16.6] by way of the I-CSCF lead nowhere', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const { edge, iCscf } = network;
    const request = edge.createRequest({
      method: 'BYE',
      uri: 'sip:bob@ims.example',
      from: 'sip:alice@ims.example',
      to: '<sip:bob@ims.example>;tag=bob',
    });
    expect((await (await edge.send(request, iCscf)).final).statusCode).toBe(404);
  });

  it('an ACK that leads nowhere, from anybody, is dropped, and the next request is served', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const acks = [
      requestText({ method: 'ACK', uri: 'sip:bob@ims.example', branch: 'z9hG4bK1' }),
      requestText({ method: 'ACK', uri: 'http:nowhere', branch: 'z9hG4bK2' }),
      requestText({ method: 'ACK', uri: 'sip:a@b', branch: 'z9hG4bK3', headers: ['Route: <sip:', 'Proxy-Require: x'] }),
      requestText({ method: 'ACK', uri: 'sip:a@b', branch: 'z9hG4bK4', headers: ['Max-Forwards: 0'] }),
    ];
    const tcp = await connectPlain(network.core.sCscfPort);
    const udp = await openDatagramPeer();
    for (const ack of acks) {
      tcp.write(ack);
      udp.send(ack, network.core.sCscfPort);
    }
    tcp.write(strangerText({ uri: 'sip:nobody@ims.example', branch: 'z9hG4bK5' }));
    expect(await tcp.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 480 /u);
    expect(network.log.all.filter((line) => line.includes('request.failed'))).toEqual([]);
  });
});

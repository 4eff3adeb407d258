import { connectPlain, requestText } from '@wicgate/sip-node/testing';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { ScriptedEdge } from '../testing/scripted-edge.ts';
import { answerOf, call, callFrom, register, registered, startNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

describe('[TS 24.229 5.4.3.2] requests of our users', () => {
  it('[TS 24.229 5.4.3.2] reach the called one with the asserted identity', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const exchange = await call(network, 'alice', aliceRoute, { method: 'MESSAGE', headers: [['Subject', 'hello']] });
    const message = await network.edge.arrive('MESSAGE');
    const { headers, requestUri } = message.request;
    expect(headers.all('P-Asserted-Identity')).toEqual(['<sip:alice@ims.example>']);
    expect(headers.first('Subject')).toBe('hello');
    expect(requestUri).toBe('sip:bob@wic.invalid;transport=ws');
    message.respond(answerOf(message.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it.each([
    ['sip:nobody@ims.example', 404, 'Not Found'],
    ['sip:carol@ims.example', 480, 'Temporarily Unavailable'],
    ['sip:bob@elsewhere.example', 404, 'No route to that network'],
    ['sip:bob@192.0.2.1', 404, 'No route to that network'],
    ['sips:bob@ims.example', 404, 'Not Found'],
    ['tel:+49305678', 404, 'Not Found'],
    ['http://ims.example/', 416, 'Unsupported URI Scheme'],
    ['urn:service:sos', 416, 'Unsupported URI Scheme'],
    ['sip:bob@ims.example:99999', 400, 'Bad Request'],
  ])('[TS 24.229 5.4.3.2] to %s: %i', async (callee, statusCode) => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const to = callee.startsWith('sip') ? callee : 'sip:somebody@ims.example';
    const request = { ...callFrom(network, 'alice', aliceRoute, { callee: to }), requestUri: callee };
    expect((await (await network.edge.send(request, network.sCscf)).final).statusCode).toBe(statusCode);
  });

  it.each([
    ['of a user who is not registered', 'carol', [], 403],
    ['of a user of nowhere', 'nobody', [], 403],
    ['[RFC 3325 9.1] with a number of somebody else beside', 'alice', [['P-Asserted-Identity', '<tel:+4930>']], 403],
    ['with a broken identity', 'alice', [['P-Asserted-Identity', '<sip:']], 400],
    ['with an identity of another kind', 'alice', [['P-Asserted-Identity', '<mailto:a@b>']], 400],
    ['[RFC 3325 9.1] with two identities of a kind', 'alice', [['P-Asserted-Identity', '<sip:bob@ims.example>']], 400],
  ] as const)('[TS 24.229 5.4.3.2] %s are refused', async (_name, user, headers, statusCode) => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.change('bob@ims.example', {
      impus: [{ impu: 'sip:bob@ims.example' }, { impu: 'tel:+4930' }],
    });
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const response = await (await call(network, user, aliceRoute, { headers })).final;
    expect(response.statusCode).toBe(statusCode);
  });

  it('[TS 24.229 5.4.3.2] without an asserted identity are refused', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const request = callFrom(network, 'alice', aliceRoute);
    const bare = { ...request, headers: request.headers.without('P-Asserted-Identity') };
    const response = await (await network.edge.send(bare, network.sCscf)).final;
    expect(response).toMatchObject({ statusCode: 403, reasonPhrase: 'Caller not registered' });
  });

  it('[TS 24.229 5.4.1.4] end with the registration', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await register(network, 'alice', { expires: 0 });
    expect((await (await call(network, 'alice', aliceRoute)).final).statusCode).toBe(403);
  });

  it('[RFC 3261 16.3-3] Max-Forwards 0: 483', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const request = callFrom(network, 'alice', aliceRoute);
    const spent = { ...request, headers: request.headers.set('Max-Forwards', '0') };
    expect((await (await network.edge.send(spent, network.sCscf)).final).statusCode).toBe(483);
  });

  it('[RFC 3261 16.3-3] Max-Forwards runs out on the way: 483 comes back', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    for (const hops of ['1', '2']) {
      const request = callFrom(network, 'alice', aliceRoute, { callId: `hops-${hops}` });
      const spent = { ...request, headers: request.headers.set('Max-Forwards', hops) };
      expect((await (await network.edge.send(spent, network.sCscf)).final).statusCode).toBe(483);
    }
  });

  it('[RFC 3261 16.3-5] an extension that a proxy would have to know: 420', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const { statusCode, headers } = await (
      await call(network, 'alice', aliceRoute, { headers: [['Proxy-Require', 'x']] })
    ).final;
    expect(statusCode).toBe(420);
    expect(headers.first('Unsupported')).toBe('x');
  });

  it('[RFC 3261 16.3-4] a Route that leads to ourselves twenty times is a loop', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const route = Array.from({ length: 20 }, () => aliceRoute).join();
    expect((await (await call(network, 'alice', route)).final).statusCode).toBe(482);
    expect((await (await call(network, 'alice', `${aliceRoute}, ${aliceRoute}`)).final).statusCode).toBe(480);
  });

  it.each(['<sip:nowhere', '<mailto:a@b>', 'sip:a@b>'])('[RFC 3261 20.34] a broken Route %s: 400', async (route) => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    expect((await (await call(network, 'alice', route)).final).statusCode).toBe(400);
  });

  it('[TS 24.229 5.4.3.2] whatever Route is left, the called one is found by the I-CSCF', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const exchange = await call(network, 'alice', `${aliceRoute}, <sip:127.0.0.1:${network.hss.port}>`);
    const invite = await network.edge.arrive('INVITE');
    expect(invite.request.headers.all('Route')).toEqual([network.edge.route('flow-bob')]);
    invite.respond(answerOf(invite.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it('a Route to anybody but our peers is never followed', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const { edge, sCscf } = network;
    const to = '<sip:bob@ims.example>;tag=bob';
    const request = edge.createRequest({
      method: 'BYE',
      uri: 'sip:bob@wic.invalid',
      from: 'sip:alice@ims.example',
      to,
      headers: [['Route', `${aliceRoute}, <sip:127.0.0.1:${network.hss.port};lr>`]],
    });
    expect((await (await edge.send(request, sCscf)).final).statusCode).toBe(404);
  });
});

describe('[U.2-4] originating requests of untrusted peers', () => {
  const originating = (route: string): string =>
    requestText({
      method: 'MESSAGE',
      uri: 'sip:bob@ims.example',
      headers: [`Route: ${route}`, 'P-Asserted-Identity: <sip:alice@ims.example>'],
    });

  it('[U.2-4] TCP: 403, whichever of our addresses the Route names', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    for (const route of [aliceRoute, `<sip:orig@127.0.0.1:${network.core.sCscfPort};lr>`]) {
      const peer = await connectPlain(network.core.sCscfPort);
      peer.write(originating(route));
      expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 403 Originating requests need a trusted peer/u);
    }
    expect(network.edge.arrivals.all).toEqual([]);
  });

  it('[U.2-4] TLS with a certificate of another name: 403', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const stranger = await ScriptedEdge.start(identities.stranger);
    const request = callFrom(network, 'alice', aliceRoute);
    expect((await (await stranger.send(request, network.sCscf)).final).statusCode).toBe(403);
  });
});

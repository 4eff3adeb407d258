import { createResponse } from '@wicgate/sip';
import { connectPlain } from '@wicgate/sip-node/testing';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { ScriptedEdge } from '../testing/scripted-edge.ts';
import { strangerText } from '../testing/stranger-text.ts';
import {
  answerOf,
  call,
  register,
  registered,
  startNetwork,
  statesOf,
  type TestNetwork,
} from '../testing/test-network.ts';

const identities = await createIdentities();
const phone = '<sip:bob@phone.invalid>;+sip.instance="<urn:uuid:phone>";reg-id=1';
const tablet = '<sip:bob@tablet.invalid>;+sip.instance="<urn:uuid:tablet>";reg-id=1';

/** alice and bob are registered, bob with two contacts. */
async function startWithTwoContacts(): Promise<{ network: TestNetwork; aliceRoute: string }> {
  const network = await startNetwork(identities);
  const aliceRoute = await registered(network, 'alice');
  await registered(network, 'bob', { contacts: [phone], path: [network.edge.route('flow-phone')] });
  await registered(network, 'bob', { contacts: [tablet], path: [network.edge.route('flow-tablet')] });
  return { network, aliceRoute };
}

const at =
  (name: string) =>
  ({ requestUri }: { readonly requestUri: string }) =>
    requestUri === `sip:bob@${name}.invalid`;

describe('[TS 24.229 5.4.3.3] requests to our users', () => {
  it('[RFC 3327 5.3] travel along the Path, to the contact', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const path = [network.edge.route('first'), '<sip:second@192.0.2.1;lr;ob>'];
    await registered(network, 'bob', { path });
    await call(network, 'alice', aliceRoute);
    const { headers, requestUri } = await network.edge.next('INVITE');
    expect(requestUri).toBe('sip:bob@wic.invalid;transport=ws');
    expect(headers.all('Route')).toEqual(path);
    expect(headers.first('P-Called-Party-ID')).toBe('<sip:bob@ims.example>');
    const own = `<sip:${network.core.sCscfAddress};transport=tls;lr>`;
    expect(headers.all('Record-Route')).toEqual([own, own, network.edge.route('call-alice')]);
    // eP-CSCF, S-CSCF, I-CSCF and S-CSCF again.
    expect(headers.all('Via')).toHaveLength(4);
    expect(headers.first('Max-Forwards')).toBe('67');
  });

  it('[RFC 3261 16.6] reach every contact at once; the first to answer has it, the others are cancelled', async () => {
    const { network, aliceRoute } = await startWithTwoContacts();
    const exchange = await call(network, 'alice', aliceRoute);
    const onPhone = await network.edge.arrive('INVITE', at('phone'));
    const onTablet = await network.edge.arrive('INVITE', at('tablet'));
    expect(onPhone.request.headers.first('Route')).toBe(network.edge.route('flow-phone'));
    expect(onTablet.request.headers.first('Route')).toBe(network.edge.route('flow-tablet'));
    for (const ringing of [onPhone, onTablet]) ringing.respond(answerOf(ringing.request, 180));
    await exchange.responses.when(({ statusCode }) => statusCode === 180);
    onTablet.respond(answerOf(onTablet.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
    const cancel = await network.edge.next('CANCEL');
    expect(cancel.requestUri).toBe('sip:bob@phone.invalid');
    expect(cancel.headers.first('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    expect(exchange.responses.all.filter(({ statusCode }) => statusCode >= 200)).toHaveLength(1);
  });

  it('[RFC 3261 16.6] a contact of a lower q rings when the others have refused', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: ['<sip:bob@tablet.invalid>;q=0.5', '<sip:bob@phone.invalid>;q=0.7'] });
    const exchange = await call(network, 'alice', aliceRoute);
    const onPhone = await network.edge.arrive('INVITE');
    expect(onPhone.request.requestUri).toBe('sip:bob@phone.invalid');
    onPhone.respond(answerOf(onPhone.request, 486));
    const onTablet = await network.edge.arrive('INVITE', at('tablet'));
    onTablet.respond(answerOf(onTablet.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it('[RFC 3261 16.6-4] what goes to a sips: address is recorded with a sips: URI', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: ['<sips:bob@phone.invalid>'] });
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE');
    const own = network.core.sCscfAddress;
    expect(invite.request.headers.all('Record-Route').slice(0, 2)).toEqual([
      `<sips:${own};lr>`,
      `<sip:${own};transport=tls;lr>`,
    ]);
    invite.respond(answerOf(invite.request, 486));
    expect((await exchange.final).statusCode).toBe(486);
  });

  it('[RFC 3261 16.7-6] the best of all answers comes back', async () => {
    const { network, aliceRoute } = await startWithTwoContacts();
    const exchange = await call(network, 'alice', aliceRoute);
    for (const [name, statusCode] of [
      ['phone', 480],
      ['tablet', 486],
    ] as const) {
      const invite = await network.edge.arrive('INVITE', at(name));
      invite.respond(answerOf(invite.request, statusCode));
    }
    expect((await exchange.final).statusCode).toBe(486);
  });

  it('[RFC 3261 16.10] CANCEL of the caller ends the ringing everywhere', async () => {
    const { network, aliceRoute } = await startWithTwoContacts();
    const exchange = await call(network, 'alice', aliceRoute);
    for (const name of ['phone', 'tablet']) {
      const invite = await network.edge.arrive('INVITE', at(name));
      invite.respond(answerOf(invite.request, 180));
    }
    await exchange.responses.when(({ statusCode }) => statusCode === 180);
    exchange.cancel();
    expect((await exchange.final).statusCode).toBe(487);
    await network.edge.next('CANCEL', at('phone'));
    await network.edge.next('CANCEL', at('tablet'));
  });

  it('[TS 24.229 5.2.8.1] a caller whose connection is gone leaves nobody ringing', async () => {
    const other = await ScriptedEdge.start(identities.otherEdge);
    const network = await startNetwork(identities, { peers: [`${other.address}=ep-cscf-2.ims.example`] });
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const { edge, sCscf } = network;
    const request = edge.createRequest({
      method: 'INVITE',
      uri: 'sip:bob@ims.example',
      from: 'sip:alice@ims.example',
      to: 'sip:bob@ims.example',
      headers: [
        ['Route', aliceRoute],
        ['P-Asserted-Identity', '<sip:alice@ims.example>'],
      ],
    });
    await other.send(request, sCscf);
    const invite = await edge.arrive('INVITE');
    invite.respond(answerOf(invite.request, 180));
    await other.endpoint.stop();
    await edge.next('CANCEL');
  });

  it('[RFC 5626 6] of several flows of one device the newest is used', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const second = '<sip:bob@second.invalid>;+sip.instance="<urn:uuid:phone>";reg-id=2';
    await registered(network, 'bob', { contacts: [second] });
    await registered(network, 'bob', { contacts: [phone] });
    const exchange = await call(network, 'alice', aliceRoute, { method: 'MESSAGE' });
    const message = await network.edge.arrive('MESSAGE');
    expect(message.request.requestUri).toBe('sip:bob@phone.invalid');
    message.respond(answerOf(message.request, 200));
    await exchange.final;
    expect(network.edge.arrivals.all).toHaveLength(1);
  });

  it('[RFC 5626 5.3] a flow that has failed becomes 480 and is forgotten, and the HSS knows', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: [phone] });
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE');
    invite.respond(createResponse(invite.request, 430, { toTag: 'edge' }));
    expect(await exchange.final).toMatchObject({ statusCode: 480, reasonPhrase: 'User not reachable' });
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'TIMEOUT_DEREGISTRATION');
    expect(await statesOf(network, 'bob')).toEqual(['not-registered', undefined]);
  });

  it('[RFC 5626 5.3] of two flows the other one is kept, and answers', async () => {
    const { network, aliceRoute } = await startWithTwoContacts();
    const exchange = await call(network, 'alice', aliceRoute);
    const onPhone = await network.edge.arrive('INVITE', at('phone'));
    onPhone.respond(createResponse(onPhone.request, 430, { toTag: 'edge' }));
    const onTablet = await network.edge.arrive('INVITE', at('tablet'));
    onTablet.respond(answerOf(onTablet.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
    const { headers } = await register(network, 'bob', { contacts: [], expires: undefined });
    expect(headers.all('Contact').join()).toContain('tablet');
    expect(headers.all('Contact')).toHaveLength(1);
  });

  it('[RFC 5626 5.3] a flow that was registered anew meanwhile is kept', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: [phone] });
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE');
    await registered(network, 'bob', { contacts: [phone] });
    invite.respond(createResponse(invite.request, 430, { toTag: 'edge' }));
    expect((await exchange.final).statusCode).toBe(480);
    expect((await statesOf(network, 'bob'))[0]).toBe('registered');
  });

  it('an edge proxy that is gone does not keep the call from the others', async () => {
    const other = await ScriptedEdge.start(identities.otherEdge);
    const network = await startNetwork(identities, { peers: [`${other.address}=ep-cscf-2.ims.example`] });
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: [phone] });
    await (await other.send(other.createRegister('bob', { contacts: [tablet] }), network.iCscf)).final;
    await other.endpoint.stop();
    const exchange = await call(network, 'alice', aliceRoute);
    const invite = await network.edge.arrive('INVITE', at('phone'));
    invite.respond(answerOf(invite.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it.each([
    ['leads to none of our peers', ['<sip:flow@192.0.2.1:5061;lr>']],
    ['is not there, and the contact is nowhere', []],
  ])('a Path that %s: 480', async (_name, path) => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob', { path });
    expect((await (await call(network, 'alice', aliceRoute)).final).statusCode).toBe(480);
  });
});

describe('[TS 24.229 5.4.3.3] requests of untrusted peers to our users', () => {
  it.each(['iCscfPort', 'sCscfPort'] as const)('[TS 24.229 4.4] by %s reach them, without assertions', async (port) => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const peer = await connectPlain(network.core[port]);
    peer.write(
      strangerText({
        method: 'MESSAGE',
        uri: 'sip:bob@ims.example',
        headers: ['P-Asserted-Identity: <sip:alice@ims.example>', 'P-Asserted-Identity: <tel:+49>'],
      }),
    );
    const message = await network.edge.arrive('MESSAGE');
    expect(message.request.headers.has('P-Asserted-Identity')).toBe(false);
    message.respond(answerOf(message.request, 200));
    expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 200 /u);
  });
});

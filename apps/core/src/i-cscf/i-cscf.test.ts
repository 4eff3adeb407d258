import { canonicalImpu } from '@wicgate/sip';
import { connectPlain, openDatagramPeer, requestText } from '@wicgate/sip-node/testing';
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

const tna =
  'Authorization: Digest username="alice@ims.example",realm="ims.example",uri="sip:ims.example",nonce="",response=""';
const registerText = (headers: readonly string[] = []): string =>
  requestText({
    method: 'REGISTER',
    uri: 'sip:ims.example',
    via: 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKplain;rport',
    headers: ['Contact: <sip:alice@192.0.2.1>', 'Expires: 600', ...headers],
  }).replace('To: <sip:bob@ims.example>', 'To: <sip:alice@ims.example>');

describe('[TS 24.229 5.3.1.2] REGISTER at the I-CSCF', () => {
  it('goes to the S-CSCF, the first time and the next', async () => {
    const network = await startNetwork(identities);
    expect((await register(network, 'alice')).statusCode).toBe(200);
    expect((await register(network, 'alice')).statusCode).toBe(200);
    expect(await statesOf(network, 'alice')).toEqual(['registered', `sip:${network.core.sCscfAddress};transport=tls`]);
  });

  it.each([
    ['an unknown user', 'nobody', {}, 403, 'REGISTRATION_USER_UNKNOWN'],
    ['an unknown private identity', 'alice', { impi: 'nobody@ims.example' }, 403, 'REGISTRATION_USER_UNKNOWN'],
    [
      '[X.3.1 REQ 2.4] identities of two users',
      'alice',
      { impi: 'bob@ims.example' },
      403,
      'REGISTRATION_IDENTITIES_DONT_MATCH',
    ],
    ['deregistration of who is not registered', 'alice', { expires: 0 }, 403, 'REGISTRATION_IDENTITY_NOT_REGISTERED'],
    [
      'deregistration of all of them',
      'alice',
      { contacts: ['*'], expires: 0 },
      403,
      'REGISTRATION_IDENTITY_NOT_REGISTERED',
    ],
    [
      'a visited network',
      'alice',
      { headers: [['P-Visited-Network-ID', '"other.example"']] },
      403,
      'REGISTRATION_ROAMING_NOT_ALLOWED',
    ],
    ['a To of another kind', 'alice', { impu: 'mailto:alice@ims.example' }, 400, 'SIP_HEADER_MALFORMED'],
    ['broken credentials', 'alice', { authorization: ['Digest username='] }, 400, 'SIP_HEADER_MALFORMED'],
    [
      'Expires that is no number',
      'alice',
      { expires: undefined, headers: [['Expires', 'soon']] },
      400,
      'SIP_HEADER_MALFORMED',
    ],
  ] as const)('[TS 24.229 5.3.1.3] [I-CSCF 4] refuses %s', async (_name, user, fields, statusCode, code) => {
    const network = await startNetwork(identities);
    // Who asks learns nothing from it; the operator does.
    const reasonPhrase = statusCode === 403 ? 'Registration not allowed' : expect.stringMatching(/^Malformed [\w-]+$/u);
    expect(await register(network, user, fields)).toMatchObject({ statusCode, reasonPhrase });
    expect(
      network.log.all.filter((line) => line.includes(`"ERR_${code.startsWith('SIP') ? '' : 'CORE_'}${code}"`)),
    ).toHaveLength(1);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
  });

  it('[TS 29.228 6.1.1.1] [I-CSCF 4] refuses whose identities are all barred', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.create({
      impi: 'dave@ims.example',
      impus: [{ impu: 'sip:dave@ims.example', barred: true }],
    });
    expect(await register(network, 'dave')).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Registration not allowed',
    });
  });

  it('[TS 23.228 5.1.1] an allowed visited network is let in', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.change('alice@ims.example', { roamingNetworks: ['other.example'] });
    const headers = [['P-Visited-Network-ID', '"other.example";x=y']] as const;
    expect((await register(network, 'alice', { headers })).statusCode).toBe(200);
  });

  it('[TS 24.229 5.3.1.3] [I-CSCF 3] selects anew where the S-CSCF that the HSS knows is gone', async () => {
    const network = await startNetwork(identities);
    const gone = 'sip:192.0.2.99:5061;transport=tls';
    await network.cx.hss.serverAssignment({
      impi: 'alice@ims.example',
      impus: ['sip:alice@ims.example'],
      serverName: gone,
      serverAssignmentType: 'REGISTRATION',
      userDataAlreadyAvailable: false,
    });
    expect(await statesOf(network, 'alice')).toEqual(['registered', gone]);
    expect((await register(network, 'alice')).statusCode).toBe(200);
    expect(await statesOf(network, 'alice')).toEqual(['registered', `sip:${network.core.sCscfAddress};transport=tls`]);
  });

  it('[TS 24.229 5.3.1.3] answers 504 where no S-CSCF can be reached', async () => {
    const network = await startNetwork(identities);
    const serverNames = ['sip:192.0.2.99:5061'];
    await network.hss.subscriptions.change('alice@ims.example', { serverCapabilities: { serverNames } });
    expect(await register(network, 'alice')).toMatchObject({ statusCode: 504, reasonPhrase: 'S-CSCF not reachable' });
  });
});

describe('[U.2-4] peers that prove nothing', () => {
  it.each(['auth-done', 'yes', 'tls-connected', ''])(
    '[U.2-4] TCP: integrity-protected="%s" is refused and reaches no S-CSCF',
    async (value) => {
      const network = await startNetwork(identities);
      const peer = await connectPlain(network.core.iCscfPort);
      peer.write(registerText([`${tna},integrity-protected="${value}"`]));
      expect(await peer.receive('\r\n\r\n')).toMatch(
        /^SIP\/2\.0 403 Trusted node authentication needs a trusted peer/u,
      );
      expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
    },
  );

  it.each([
    ['in another case', `${tna.replace('Digest', 'DIGEST')},Integrity-Protected="auth-done"`],
    ['without quotes', `${tna},integrity-protected=auth-done`],
    ['behind other credentials', `Authorization: Digest username="x"\r\n${tna},integrity-protected="auth-done"`],
    ['folded', `${tna},\r\n  integrity-protected\r\n = "auth-done"`],
    ['with another scheme', `${tna.replace('Digest', 'Bearer')},integrity-protected="auth-done"`],
  ])('[U.2-4] TCP: auth-done %s is refused too', async (_name, header) => {
    const network = await startNetwork(identities);
    const peer = await connectPlain(network.core.iCscfPort);
    peer.write(registerText([header]));
    expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 403 Trusted/u);
  });

  it('[U.2-4] [I-CSCF 5] UDP: auth-done is refused', async () => {
    const network = await startNetwork(identities);
    const peer = await openDatagramPeer();
    peer.send(registerText([`${tna},integrity-protected="auth-done"`]), network.core.iCscfPort);
    expect(await peer.texts.when(() => true)).toMatch(/^SIP\/2\.0 403 Trusted/u);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
  });

  it('[U.2-4] [I-CSCF 5] TLS: a certificate of the same authority with another name is not enough', async () => {
    const network = await startNetwork(identities);
    const stranger = await ScriptedEdge.start(identities.stranger);
    const refused = await (await stranger.send(stranger.createRegister('alice'), network.iCscf)).final;
    expect(refused).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Trusted node authentication needs a trusted peer',
    });
    const direct = await (await stranger.send(stranger.createRegister('alice'), network.sCscf)).final;
    expect(direct).toMatchObject({ statusCode: 403, reasonPhrase: refused.reasonPhrase });
  });

  it('[TS 24.229 5.4.1.1] a REGISTER without any statement gets a challenge of the S-CSCF, and no further', async () => {
    const network = await startNetwork(identities);
    const peer = await connectPlain(network.core.iCscfPort);
    peer.write(registerText());
    expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 401 Unauthorized/u);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
  });

  it('[U.2-4] [S-CSCF 4] the S-CSCF itself believes none of them', async () => {
    const network = await startNetwork(identities);
    const peer = await connectPlain(network.core.sCscfPort);
    peer.write(registerText([`${tna},integrity-protected="auth-done"`]));
    expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 403 Trusted node authentication needs a trusted peer/u);
  });

  it('[TS 24.229 4.4] their assertions do not reach the callee, what anybody may say does', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    const peer = await connectPlain(network.core.iCscfPort);
    peer.write(
      strangerText({
        method: 'INVITE',
        uri: 'sip:bob@ims.example',
        headers: [
          'P-Asserted-Identity: <sip:alice@ims.example>',
          'P-Charging-Vector: icid-value=forged',
          'P-Charging-Function-Addresses: ccf=192.0.2.9',
          'P-Access-Network-Info: IEEE-802.11;network-provided, 3GPP-NR-FDD',
          'P-Served-User: <sip:alice@ims.example>',
          'P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.mmtel',
          'Remote-Party-ID: <sip:alice@ims.example>',
          'Diversion: <sip:alice@ims.example>',
          'Service-Route: <sip:orig@192.0.2.1;lr>',
          'Path: <sip:flow@192.0.2.1;lr>',
          'Authorization: Digest username="a",integrity-protected="auth-done"',
          'Proxy-Authorization: Digest username="a", Integrity-Protected = yes',
          'Authorization: Digest username="mallory",realm="elsewhere.example"',
          'P-Preferred-Identity: <sip:alice@ims.example>',
          'Subject: hello',
        ],
      }),
    );
    const { headers } = await network.edge.next('INVITE');
    expect(headers.has('P-Asserted-Identity')).toBe(false);
    expect(headers.has('P-Charging-Vector')).toBe(false);
    expect(headers.has('P-Charging-Function-Addresses')).toBe(false);
    for (const name of ['P-Served-User', 'P-Asserted-Service', 'Remote-Party-ID', 'Diversion', 'Service-Route', 'Path'])
      expect(headers.has(name)).toBe(false);
    expect(headers.all('Authorization')).toEqual(['Digest username="mallory",realm="elsewhere.example"']);
    expect(headers.has('Proxy-Authorization')).toBe(false);
    expect(headers.all('P-Access-Network-Info')).toEqual(['3GPP-NR-FDD']);
    expect(headers.first('P-Preferred-Identity')).toBe('<sip:alice@ims.example>');
    expect(headers.first('Subject')).toBe('hello');
  });

  it.each(['iCscfPort', 'sCscfPort'] as const)(
    '[TS 24.229 4.4] by %s nobody speaks as one of our users, nor of a sub-domain',
    async (port) => {
      const network = await startNetwork(identities);
      await registered(network, 'bob');
      const peer = await connectPlain(network.core[port]);
      const asAlice = requestText({ method: 'MESSAGE', uri: 'sip:bob@ims.example', branch: 'z9hG4bK1' });
      peer.write(asAlice);
      await peer.receive('SIP/2.0 403 From of this network needs a trusted peer');
      peer.write(asAlice.replace('From: <sip:alice@', 'From: <sip:alice@a.').replaceAll('z9hG4bK1', 'z9hG4bK2'));
      await peer.receiveTimes('SIP/2.0 403 From of this network needs a trusted peer', 1);
      expect(network.edge.arrivals.all).toEqual([]);
    },
  );

  it('[TS 24.229 4.4] a REGISTER says the same of a user who exists and of one who does not', async () => {
    const network = await startNetwork(identities);
    const answers: string[] = [];
    for (const user of ['alice', 'nobody']) {
      const peer = await connectPlain(network.core.iCscfPort);
      const text = registerText().replaceAll('alice@ims.example', `${user}@ims.example`);
      peer.write(text.replace('Call-ID: ', `Call-ID: ${user}`));
      answers.push((await peer.receive('\r\n\r\n')).replaceAll(/[0-9a-f]{24,}|port=\d+|alice|nobody/gu, ''));
    }
    expect(answers[0]).toContain('401 Unauthorized');
    expect(answers[0]).toBe(answers[1]);
  });

  it('[TS 24.229 5.3.2] their Route leads nowhere', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    const peer = await connectPlain(network.core.iCscfPort);
    const routes = [`<sip:orig@${network.core.sCscfAddress};lr>`, network.edge.route('flow-alice')];
    peer.write(
      strangerText({
        method: 'MESSAGE',
        uri: 'sip:bob@ims.example',
        headers: [`Route: ${routes.join(', ')}`, 'P-Asserted-Identity: <sip:alice@ims.example>'],
      }),
    );
    expect(await peer.receive('\r\n\r\n')).toMatch(/^SIP\/2\.0 480 /u);
    expect(network.edge.arrivals.all).toEqual([]);
  });
});

describe('[TS 24.229 5.3.2] requests to a user', () => {
  const outcome = async (network: TestNetwork, callee: string): Promise<string> => {
    const { edge, iCscf } = network;
    const request = edge.createRequest({ method: 'MESSAGE', uri: callee, from: 'sip:alice@ims.example', to: callee });
    const { statusCode, reasonPhrase } = await (await edge.send(request, iCscf)).final;
    return `${statusCode} ${reasonPhrase}`;
  };

  it.each([
    ['sip:nobody@ims.example', '404 User unknown'],
    ['sip:bob@ims.example', '480 User not registered'],
    ['sip:bob@elsewhere.example', '404 Not a user of this network'],
    ['tel:+4930123', '404 User unknown'],
    ['sip:ims.example', '404 User unknown'],
    ['sip:192.0.2.1:5060', '404 Not a user of this network'],
  ])('[TS 29.228 6.1.4] [I-CSCF 6] to %s: %s', async (callee, expected) => {
    expect(await outcome(await startNetwork(identities), callee)).toBe(expected);
  });

  it('[RFC 3261 16.5] to its own address: nobody lives there', async () => {
    const network = await startNetwork(identities);
    expect(await outcome(network, `sip:${network.core.iCscfAddress}`)).toBe('404 Not a user of this network');
  });

  it('[RFC 3261 19.1.4] finds the user however the address is written', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob');
    for (const callee of ['sip:%62ob@IMS.example;user=phone', 'SIP:bob@ims.example:5060']) {
      const { edge, iCscf } = network;
      const request = edge.createRequest({ method: 'MESSAGE', uri: callee, from: 'sip:a@ims.example', to: callee });
      const exchange = await edge.send(request, iCscf);
      const message = await edge.arrive(
        'MESSAGE',
        ({ headers }) => headers.first('Call-ID') === request.headers.first('Call-ID'),
      );
      message.respond(answerOf(message.request, 200));
      expect((await exchange.final).statusCode).toBe(200);
    }
    expect(canonicalImpu('sip:%62ob@IMS.example;user=phone')).toBe('sip:bob@ims.example');
  });

  it('[TS 29.228 6.1.4] [I-CSCF 6] a user with services who is not registered is still not here', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.change('bob@ims.example', { unregisteredServices: true });
    expect(await outcome(network, 'sip:bob@ims.example')).toBe('480 User not registered');
  });

  it('the I-CSCF stays out of the dialog', async () => {
    const network = await startNetwork(identities);
    const serviceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    await call(network, 'alice', serviceRoute);
    const { headers } = await network.edge.next('INVITE');
    expect(headers.all('Record-Route').join()).not.toContain(network.core.iCscfAddress);
  });
});

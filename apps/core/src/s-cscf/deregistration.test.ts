import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
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
const gone = ['not-registered', undefined];
const contacts = ['<sip:alice@one.invalid>', '<sip:alice@two.invalid>'];

async function contactsOf(network: TestNetwork, user = 'alice'): Promise<readonly string[]> {
  const { headers } = await register(network, user, { contacts: [], expires: undefined });
  return headers.all('Contact');
}

describe('[TS 24.229 5.4.1.4] deregistration by the user', () => {
  it.each([
    ['Expires: 0', { contacts, expires: 0 }],
    ['expires=0 in each contact', { contacts: contacts.map((contact) => `${contact};expires=0`) }],
    ["[RFC 3261 10.2.2] '*'", { contacts: ['*'], expires: 0 }],
  ])('%s ends the registration, and the HSS knows', async (_name, fields) => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts });
    const { statusCode, headers } = await register(network, 'alice', fields);
    expect(statusCode).toBe(200);
    expect(headers.has('Contact')).toBe(false);
    expect(headers.has('Service-Route')).toBe(false);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'USER_DEREGISTRATION']);
    expect(await statesOf(network, 'alice')).toEqual(gone);
  });

  it('[RFC 3261 10.2.2] of one contact leaves the other', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts });
    const { headers } = await register(network, 'alice', { contacts: contacts.slice(0, 1), expires: 0 });
    expect(headers.all('Contact')).toEqual(['<sip:alice@two.invalid>;expires=600']);
    expect(headers.has('Service-Route')).toBe(true);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it('[RFC 3261 10.2.2] of a contact that is not there changes nothing', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts });
    const { headers } = await register(network, 'alice', { contacts: ['<sip:alice@three.invalid>'], expires: 0 });
    expect(headers.all('Contact')).toHaveLength(2);
  });

  it.each([600, undefined])("[RFC 3261 10.2.2] '*' with Expires %s is refused", async (expires) => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    expect((await register(network, 'alice', { contacts: ['*'], expires })).statusCode).toBe(400);
    expect(await contactsOf(network)).toHaveLength(1);
  });

  it('[TS 24.229 5.4.1.4] after a restart of the S-CSCF still reaches the HSS', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    await network.core.stop();
    const core = await network.restart();
    const { edge } = network;
    // The S-CSCF is at another port now; it speaks for itself only.
    expect(core.sCscfAddress).not.toBe(network.core.sCscfAddress);
    const address = { address: core.iCscfAddress, name: 'i-cscf.ims.example' };
    expect((await (await edge.send(edge.createRegister('alice', { expires: 0 }), address)).final).statusCode).toBe(200);
    expect((await (await edge.send(edge.createRegister('alice'), address)).final).statusCode).toBe(200);
    expect(await statesOf(network, 'alice')).toEqual(['registered', `sip:${core.sCscfAddress};transport=tls`]);
  });
});

describe('[TS 24.229 5.4.1.5] what ends by itself', () => {
  it('[TS 24.229 5.4.1.5] a registration that nobody renews, and the HSS knows', async () => {
    const network = await startNetwork(identities, { settings: { CORE_MIN_EXPIRES_SECONDS: '1' } });
    await registered(network, 'alice', { contacts, expires: 1 });
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'TIMEOUT_DEREGISTRATION');
    expect(await statesOf(network, 'alice')).toEqual(gone);
    expect(await contactsOf(network)).toEqual([]);
  });

  it('[TS 24.229 5.4.1.5] one contact that nobody renews leaves the other', async () => {
    const network = await startNetwork(identities, { settings: { CORE_MIN_EXPIRES_SECONDS: '1' } });
    await registered(network, 'alice', { contacts: [`${contacts[0]};expires=1`, `${contacts[1]};expires=60`] });
    await registered(network, 'bob', { expires: 1 });
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'TIMEOUT_DEREGISTRATION');
    expect(await contactsOf(network)).toHaveLength(1);
    expect(await statesOf(network, 'bob')).toEqual(gone);
  });
});

describe('[TS 29.228 6.1.3] deregistration by the HSS', () => {
  it('[TS 29.228 6.1.3] RTR: the user is gone, cannot call and cannot be called', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const bobRoute = await registered(network, 'bob');
    const { notifications } = await network.hss.subscriptions.deregister('alice@ims.example');
    expect(notifications).toMatchObject([{ command: 'RTR', result: 'DIAMETER_SUCCESS' }]);
    const refused = await (await call(network, 'alice', aliceRoute)).final;
    expect(refused).toMatchObject({ statusCode: 403, reasonPhrase: 'Caller not registered' });
    const missed = await (await call(network, 'bob', bobRoute, { callee: 'sip:alice@ims.example' })).final;
    expect(missed.statusCode).toBe(480);
    expect(network.log.all.some((line) => line.includes('"registration.ended"'))).toBe(true);
    await registered(network, 'alice');
  });

  it('[TS 29.228 6.1.3] RTR of one set leaves the other', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.create({
      impi: 'dave@ims.example',
      impus: [{ impu: 'sip:dave@ims.example' }, { impu: 'sip:work@ims.example', implicitRegistrationSet: 1 }],
    });
    await registered(network, 'dave');
    await registered(network, 'dave', { impu: 'sip:work@ims.example' });
    const request = { impi: 'dave@ims.example', impus: ['sip:work@ims.example'], reasonInfo: undefined };
    const serverName = `sip:${network.core.sCscfAddress};transport=tls`;
    await network.cx.sCscf(serverName).registrationTermination({ ...request, reasonCode: 'PERMANENT_TERMINATION' });
    expect(await contactsOf(network, 'dave')).toHaveLength(1);
    const { headers } = await register(network, 'dave', {
      impu: 'sip:work@ims.example',
      contacts: [],
      expires: undefined,
    });
    expect(headers.has('Contact')).toBe(false);
  });

  it('[TS 29.228 6.1.3] RTR while a REGISTER is under way leaves nothing half done', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    await Promise.all([
      register(network, 'alice', { contacts }),
      network.hss.subscriptions.deregister('alice@ims.example'),
      register(network, 'alice', { contacts }),
    ]);
    await registered(network, 'alice', { contacts });
    expect(await contactsOf(network)).toHaveLength(2);
    expect((await register(network, 'alice', { contacts: ['*'], expires: 0 })).statusCode).toBe(200);
    expect(await contactsOf(network)).toEqual([]);
  });

  it('[TS 29.228 6.1.3] a deleted subscription registers no more', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    await network.hss.subscriptions.delete('alice@ims.example');
    expect(await register(network, 'alice')).toMatchObject({
      statusCode: 403,
      reasonPhrase: 'Registration not allowed',
    });
  });
});

describe('[TS 29.228 6.2.2] changes of the profile', () => {
  it('[TS 29.228 6.2.2.1] [S-CSCF 16] PPR: an identity that joins the set can be called at once', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    await registered(network, 'bob');
    const impus = [{ impu: 'sip:bob@ims.example' }, { impu: 'tel:+49301234' }];
    const { notifications } = await network.hss.subscriptions.change('bob@ims.example', { impus });
    expect(notifications).toMatchObject([{ command: 'PPR', result: 'DIAMETER_SUCCESS' }]);
    const exchange = await call(network, 'alice', aliceRoute, { method: 'MESSAGE', callee: 'tel:+49-30-1234' });
    const message = await network.edge.arrive('MESSAGE');
    message.respond(answerOf(message.request, 200));
    expect((await exchange.final).statusCode).toBe(200);
  });

  it('[TS 29.228 6.2.2.1] PPR: an identity that is barred can neither call nor be called', async () => {
    const network = await startNetwork(identities);
    const aliceRoute = await registered(network, 'alice');
    const impus = [{ impu: 'sip:bob@ims.example' }, { impu: 'sip:robert@ims.example' }];
    await network.hss.subscriptions.change('bob@ims.example', { impus });
    await registered(network, 'bob');
    const barred = [{ impu: 'sip:bob@ims.example' }, { impu: 'sip:robert@ims.example', barred: true }];
    await network.hss.subscriptions.change('bob@ims.example', { impus: barred });
    const missed = await (await call(network, 'alice', aliceRoute, { callee: 'sip:robert@ims.example' })).final;
    expect(missed).toMatchObject({ statusCode: 404, reasonPhrase: 'Identity barred' });
    const refused = await (await call(network, 'robert', aliceRoute, { callee: 'sip:alice@ims.example' })).final;
    expect(refused).toMatchObject({ statusCode: 403, reasonPhrase: 'Caller not registered' });
  });

  it('[TS 29.228 6.2.2] PPR changes the set it is about, and no user it does not know', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.create({
      impi: 'dave@ims.example',
      impus: [{ impu: 'sip:dave@ims.example' }, { impu: 'sip:work@ims.example', implicitRegistrationSet: 1 }],
    });
    await registered(network, 'dave');
    await registered(network, 'dave', { impu: 'sip:work@ims.example' });
    const impus = [
      { impu: 'sip:dave@ims.example' },
      { impu: 'sip:work@ims.example', implicitRegistrationSet: 1 },
      { impu: 'sip:office@ims.example', implicitRegistrationSet: 1 },
    ];
    await network.hss.subscriptions.change('dave@ims.example', { impus });
    const { headers } = await register(network, 'dave', { impu: 'sip:office@ims.example' });
    expect(headers.all('P-Associated-URI')).toEqual(['<sip:work@ims.example>', '<sip:office@ims.example>']);
    const serverName = `sip:${network.core.sCscfAddress};transport=tls`;
    const userProfile = { impi: 'bob@ims.example', implicitRegistrationSet: [] };
    const push = { impi: 'bob@ims.example', userProfile, allowedWafWwsfIdentities: undefined, authData: undefined };
    expect(await network.cx.sCscf(serverName).pushProfile(push)).toMatchObject({ name: 'DIAMETER_ERROR_USER_UNKNOWN' });
  });
});

import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../testing/digest-caller.ts';
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

const instance = '+sip.instance="<urn:uuid:00000000-0000-4000-8000-000000000001>";reg-id=1';
const ordinary = [`<sip:bob@wic.invalid;transport=ws>;${instance}`];
const emergency = [`<sip:bob@sos.invalid;transport=ws;sos>;${instance}`];
const contactsOf = (contacts: readonly string[]): readonly string[] =>
  contacts.map((contact) => /<sip:bob@(?<host>[^;>]+)/u.exec(contact)?.groups?.host ?? '').toSorted();

const terminate = (
  network: TestNetwork,
  reasonCode: 'PERMANENT_TERMINATION' | 'SERVER_CHANGE' | 'REMOVE_S_CSCF' | 'NEW_SERVER_ASSIGNED',
  impus: readonly string[] = [],
) =>
  network.cx
    .sCscf(`sip:${network.core.sCscfAddress};transport=tls`)
    .registrationTermination({ impi: 'bob@ims.example', impus, reasonCode, reasonInfo: undefined });
const bobsContacts = async (network: TestNetwork): Promise<readonly string[]> =>
  contactsOf((await register(network, 'bob', { contacts: [] })).headers.all('Contact'));
const pair = { impi: 'bob@ims.example', impu: 'sip:bob@ims.example' };

/** Bob may not register. */
async function startBarred(): Promise<TestNetwork> {
  const network = await startNetwork(identities);
  await network.hss.subscriptions.change('bob@ims.example', { impus: [{ impu: pair.impu, barred: true }] });
  return network;
}

describe('[TS 24.229 7.2A.13] emergency registration', () => {
  it('[TS 24.229 5.4.8.2] takes no other contact away, not even of the same flow, and none takes it away', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob', { contacts: ordinary });
    await registered(network, 'bob', { contacts: emergency });
    expect(await bobsContacts(network)).toEqual(['sos.invalid', 'wic.invalid']);
    await registered(network, 'bob', { contacts: ordinary });
    expect(await bobsContacts(network)).toEqual(['sos.invalid', 'wic.invalid']);
  });

  it('[TS 24.229 5.1.6.6] is not taken back: it runs out', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob', { contacts: ordinary });
    await registered(network, 'bob', { contacts: emergency });
    expect((await register(network, 'bob', { contacts: ['*'], expires: 0 })).statusCode).toBe(200);
    expect(await bobsContacts(network)).toEqual(['sos.invalid']);
  });

  it.each([
    ['[TS 29.228 6.1.1.1] [I-CSCF 4] who is barred', true, []],
    ['[TS 29.228 6.1.1.1] [I-CSCF 4] who may not roam', false, [['P-Visited-Network-ID', '"other.example"']]],
  ] as const)('%s: 403, but not in an emergency', async (_name, barred, headers) => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.change('bob@ims.example', { impus: [{ impu: 'sip:bob@ims.example', barred }] });
    expect((await register(network, 'bob', { contacts: ordinary, headers })).statusCode).toBe(403);
    expect((await register(network, 'bob', { contacts: emergency, headers })).statusCode).toBe(200);
  });

  it('[P.4.1] each scheme will do in an emergency', async () => {
    const network = await startNetwork(identities);
    const dora = new DigestCaller(network, 'dora');
    await dora.provision();
    await dora.register();
    const same = { callId: 'call-of-dora', cseq: 100 };
    expect((await register(network, 'dora', same)).statusCode).toBe(403);
    const contacts = ['<sip:dora@sos.invalid;sos>'];
    expect((await register(network, 'dora', { ...same, contacts })).statusCode).toBe(200);
  });

  it('[TS 29.228 6.1.1.1] [I-CSCF 4] lets no ordinary contact beside it past a bar', async () => {
    const network = await startBarred();
    expect((await register(network, 'bob', { contacts: [...emergency, ...ordinary] })).statusCode).toBe(403);
    expect((await statesOf(network, 'bob'))[0]).toBe('not-registered');
  });

  it('[TS 29.228 6.1.1.1] who was barred since the I-CSCF asked: 403, and the HSS counts nobody as registered', async () => {
    const network = await startBarred();
    const { edge, sCscf } = network;
    const sent = await edge.send(edge.createRegister('bob', { contacts: ordinary }), sCscf);
    expect(await sent.final).toMatchObject({ statusCode: 403, reasonPhrase: 'Registration not allowed' });
    expect((await statesOf(network, 'bob'))[0]).toBe('not-registered');
  });

  it('[TS 24.229 5.4.8.2] [TS 24.229 5.4.3.2] is for no other call: who may not roam calls nobody by it', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    const roaming = [['P-Visited-Network-ID', '"other.example"']] as const;
    const route = await registered(network, 'bob', { contacts: emergency, headers: roaming });
    const toAlice = { callee: 'sip:alice@ims.example' };
    expect((await (await call(network, 'bob', route, toAlice)).final).statusCode).toBe(403);
    await registered(network, 'bob', { contacts: ordinary });
    const second = await call(network, 'bob', route, { ...toAlice, callId: 'second' });
    const invite = await network.edge.arrive('INVITE');
    invite.respond(answerOf(invite.request, 486));
    expect((await second.final).statusCode).toBe(486);
  });

  it('[TS 24.229 5.4.8.2] no more than ten, and they drive no other contact out', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob', { contacts: ordinary });
    const many = Array.from({ length: 10 }, (_, index) => `<sip:bob@sos-${index}.invalid;sos>`);
    await registered(network, 'bob', { contacts: many });
    await registered(network, 'bob', { contacts: emergency });
    expect(await bobsContacts(network)).toHaveLength(11);
    expect(await bobsContacts(network)).toEqual(
      expect.arrayContaining(['sos.invalid', 'wic.invalid', 'sos-9.invalid']),
    );
  });

  it('[TS 24.229 5.4.8.2] calls go to the other contacts, and to it where there is none', async () => {
    const network = await startNetwork(identities);
    const route = await registered(network, 'alice');
    await registered(network, 'bob', { contacts: ordinary });
    await registered(network, 'bob', { contacts: emergency });
    const first = await call(network, 'alice', route, { callId: 'first' });
    const invite = await network.edge.arrive('INVITE', ({ headers }) => headers.first('Call-ID') === 'first');
    expect(invite.request.requestUri).toContain('wic.invalid');
    invite.respond(answerOf(invite.request, 486));
    expect((await first.final).statusCode).toBe(486);
    await register(network, 'bob', { contacts: ordinary, expires: 0 });
    await call(network, 'alice', route, { callId: 'second' });
    const back = await network.edge.arrive('INVITE', ({ headers }) => headers.first('Call-ID') === 'second');
    expect(back.request.requestUri).toContain('sos.invalid');
    back.respond(answerOf(back.request, 486));
  });
});

describe('[TS 29.228 6.1.3.1] [S-CSCF 15] RTR and emergencies', () => {
  it.each(['PERMANENT_TERMINATION', 'REMOVE_S_CSCF'] as const)(
    '[TS 29.228 6.1.3.1] [S-CSCF 15] %s spares the emergency contact: the pair is named, the other contact ends',
    async (reasonCode) => {
      const network = await startNetwork(identities);
      await registered(network, 'bob', { contacts: ordinary });
      await registered(network, 'bob', { contacts: emergency });
      expect(await terminate(network, reasonCode)).toMatchObject({
        name: 'DIAMETER_UNABLE_TO_COMPLY',
        identitiesWithEmergencyRegistration: [pair],
      });
      expect(await bobsContacts(network)).toEqual(['sos.invalid']);
    },
  );

  it('[TS 29.228 6.1.3.1] [S-CSCF 15] some sets of several: limited success', async () => {
    const network = await startNetwork(identities);
    const impus = [{ impu: 'sip:bob@ims.example' }, { impu: 'sip:robert@ims.example', implicitRegistrationSet: 1 }];
    await network.hss.subscriptions.change('bob@ims.example', { impus });
    await registered(network, 'bob', { contacts: emergency });
    await registered(network, 'bob', { contacts: ['<sip:robert@wic.invalid>'], impu: 'sip:robert@ims.example' });
    expect(await terminate(network, 'PERMANENT_TERMINATION')).toMatchObject({
      name: 'DIAMETER_LIMITED_SUCCESS',
      identitiesWithEmergencyRegistration: [pair],
    });
  });

  it.each(['SERVER_CHANGE', 'NEW_SERVER_ASSIGNED'] as const)(
    '[TS 29.228 6.1.3.1] %s ends it too',
    async (reasonCode) => {
      const network = await startNetwork(identities);
      await registered(network, 'bob', { contacts: emergency });
      expect(await terminate(network, reasonCode)).toEqual({ kind: 'result', name: 'DIAMETER_SUCCESS' });
    },
  );

  it('[TS 29.228 6.1.3.1] the HSS that ends a subscription counts the pair as registered on', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'bob', { contacts: emergency });
    expect((await statesOf(network, 'bob'))[0]).toBe('registered');
    expect(await terminate(network, 'PERMANENT_TERMINATION', ['sip:bob@ims.example'])).toMatchObject({
      name: 'DIAMETER_UNABLE_TO_COMPLY',
    });
    expect((await statesOf(network, 'bob'))[0]).toBe('registered');
  });
});

import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { register, registered, startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();
const waf = 'waf.partner.example';
const wwsf = 'wwsf.partner.example';
const both = { 'authorization-entity': waf, wwsf };
const allow = (network: TestNetwork, wafNames: string[], wwsfNames: string[]) =>
  network.hss.subscriptions.change('alice@ims.example', { allowedWafWwsfIdentities: { wafNames, wwsfNames } });

describe('[X.3.2.3-6.2] a WAF and a WWSF of a third party', () => {
  it.each([
    ['both are on the list', [waf], [wwsf], both, 200],
    ['the WWSF is not named', [waf], [], { 'authorization-entity': waf }, 200],
    ['the WAF is not on the list', ['other.example'], [wwsf], both, 403],
    ['the WWSF is not on the list', [waf], [], both, 403],
    ['names differ in case', [waf], [wwsf], { ...both, 'authorization-entity': 'WAF.partner.example' }, 403],
    ['only a WWSF is named, which is not on the list', [waf], [], { wwsf }, 403],
    ['the name is empty', [waf], [wwsf], { 'authorization-entity': '' }, 403],
    ['the WWSF is on the list of WAFs', [waf, wwsf], [], both, 403],
  ])('[X.3.2.3-6.2] %s', async (_name, wafNames, wwsfNames, statement, statusCode) => {
    const network = await startNetwork(identities);
    await allow(network, wafNames, wwsfNames);
    expect((await register(network, 'alice', { statement })).statusCode).toBe(statusCode);
    expect((await statesOf(network, 'alice'))[0]).toBe(statusCode === 200 ? 'registered' : 'not-registered');
  });

  it('[X.3.2.3-6.2] [S-CSCF 5] is refused where the subscription has no list', async () => {
    const network = await startNetwork(identities);
    expect((await register(network, 'alice', { statement: both })).statusCode).toBe(403);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'ADMINISTRATIVE_DEREGISTRATION']);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
  });

  it('[X.3.2.3-6.2] [S-CSCF 5] the operator’s own need no list', async () => {
    const network = await startNetwork(identities);
    expect((await register(network, 'alice')).statusCode).toBe(200);
  });

  it.each([waf, wwsf])(
    '[X.3.2.3-6.2] [S-CSCF 5] [S-CSCF 6] %s is refused where the operator has barred it',
    async (barred) => {
      const network = await startNetwork(identities, { settings: { CORE_BARRED_AUTHORITIES: `x.example, ${barred}` } });
      await allow(network, [waf], [wwsf]);
      expect((await register(network, 'alice', { statement: both })).statusCode).toBe(403);
    },
  );

  it('[REQ 2.3] the log names both beside the registration that they vouched for', async () => {
    const network = await startNetwork(identities);
    await allow(network, [waf], [wwsf]);
    await register(network, 'alice', { statement: both });
    await register(network, 'bob');
    const [ofAlice, ofBob] = network.log.all
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'registration.created');
    expect(ofAlice).toMatchObject({ authorizationEntity: waf, wwsf });
    expect(Object.keys(ofBob ?? {})).not.toContain('authorizationEntity');
  });

  it('[6.1.1] one that is refused harms no registration that stands', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    expect((await register(network, 'alice', { statement: both })).statusCode).toBe(403);
    expect((await statesOf(network, 'alice'))[0]).toBe('registered');
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.all('Contact')).toHaveLength(1);
  });

  it('[X.3.2.3-6.2] is checked at each registration, not only at the first', async () => {
    const network = await startNetwork(identities);
    await allow(network, [waf], [wwsf]);
    await registered(network, 'alice', { statement: both });
    await registered(network, 'alice', { statement: both });
    const other = { 'authorization-entity': 'other.example' };
    expect((await register(network, 'alice', { statement: other })).statusCode).toBe(403);
  });

  it('[TS 29.228 6.5.2.5] [S-CSCF 16] a contact that it vouched for goes when it leaves the list, others stay', async () => {
    const network = await startNetwork(identities);
    await allow(network, [waf], [wwsf]);
    await registered(network, 'alice', { statement: both, contacts: ['<sip:alice@partner.invalid>'] });
    await registered(network, 'alice', { contacts: ['<sip:alice@own.invalid>'] });
    await allow(network, [waf], [wwsf, 'another.example']);
    const before = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(before.headers.all('Contact')).toHaveLength(2);
    await allow(network, [], [wwsf]);
    const after = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(after.headers.all('Contact').join()).toContain('own.invalid');
    expect(after.headers.all('Contact')).toHaveLength(1);
  });

  it('[TS 24.229 5.4.8.2] a contact for an emergency stays', async () => {
    const network = await startNetwork(identities);
    await allow(network, [waf], [wwsf]);
    await registered(network, 'alice', { statement: both, contacts: ['<sip:alice@sos.invalid;sos>'] });
    await registered(network, 'alice', { statement: both, contacts: ['<sip:alice@partner.invalid>'] });
    await allow(network, [], []);
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.all('Contact')).toEqual([expect.stringContaining('sos.invalid')]);
  });

  it('[TS 29.228 6.5.2.5] with its last contact the registration ends', async () => {
    const network = await startNetwork(identities);
    await allow(network, [waf], [wwsf]);
    await registered(network, 'alice', { statement: both });
    await allow(network, [], []);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'ADMINISTRATIVE_DEREGISTRATION']);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
  });
});

describe('[X.4.2.3-6.2] an identity of a pool', () => {
  const guest = { impi: 'guest-7@ims.example', impu: 'sip:guest-7@ims.example' };
  const startWithPool = async (wwsfNames: string[]): Promise<TestNetwork> => {
    const network = await startNetwork(identities);
    const pool = { impi: 'guest-*@ims.example', impu: 'sip:guest-*@ims.example', maxRegistered: 1 };
    const allowedWafWwsfIdentities = { wafNames: [waf], wwsfNames };
    await network.hss.identityRanges.create({ ...pool, allowedWafWwsfIdentities });
    return network;
  };
  const registeredOf = async ({ hss }: TestNetwork) =>
    (await hss.identityRanges.find('guest-*@ims.example'))?.registered;

  it('[X.4.2.3-6.2] [S-CSCF 6] registers by a WWSF that is on the list of its pool', async () => {
    const network = await startWithPool([wwsf]);
    expect((await register(network, 'guest-7', { ...guest, statement: both })).statusCode).toBe(200);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
    expect(await registeredOf(network)).toBe(1);
  });

  it("[X.4.2.3-6.2] [S-CSCF 6] registers by the operator's own WWSF, where the list has only others to check", async () => {
    const network = await startWithPool([wwsf]);
    expect((await register(network, 'guest-7', guest)).statusCode).toBe(200);
    expect(await registeredOf(network)).toBe(1);
  });

  it('[X.4.2.3-6.2] [S-CSCF 6] 403 by a WWSF that is not on the list of its pool', async () => {
    const network = await startWithPool(['another.example']);
    expect((await register(network, 'guest-7', { ...guest, statement: both })).statusCode).toBe(403);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'ADMINISTRATIVE_DEREGISTRATION']);
    expect(await registeredOf(network)).toBe(0);
  });
});

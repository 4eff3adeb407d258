import { describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { sCscfName, startTestHss, TestSCscf } from '../testing/test-hss.ts';

const alice = { impi: 'alice@ims.example', impus: [{ impu: 'sip:alice@ims.example' }] };
const address = '/subscriptions/alice%40ims.example';

describe('Provisioning API', () => {
  it('[RFC 9110 9.3.3] creates, canonical, and shows what became of the registration', async () => {
    const hss = await startTestHss();
    const body = { impi: 'alice@IMS.example', impus: [{ impu: 'SIP:alice@IMS.EXAMPLE' }, { impu: 'tel:+49-170-1' }] };
    const created = await ask(hss, 'POST', '/subscriptions', { body });
    expect(created).toMatchObject({ status: 201, location: address });
    await hss.sar('alice', 'REGISTRATION');
    const shown = await ask(hss, 'GET', address);
    expect(shown).toMatchObject({ status: 200, type: expect.stringContaining('application/json') });
    expect(shown.body).toEqual({
      impi: 'alice@ims.example',
      barred: false,
      digest: null,
      aka: null,
      impus: [
        { impu: 'sip:alice@ims.example', barred: false, implicitRegistrationSet: 0, registrationState: 'registered' },
        { impu: 'tel:+491701', barred: false, implicitRegistrationSet: 0, registrationState: 'registered' },
      ],
      roamingNetworks: [],
      unregisteredServices: false,
      serverCapabilities: { mandatory: [], optional: [], serverNames: [] },
      allowedWafWwsfIdentities: null,
      registrationState: 'registered',
      sCscfName,
    });
  });

  it('[RFC 9110 9.3.4] takes back what it showed, and decides itself about the registration', async () => {
    const hss = await startTestHss();
    await ask(hss, 'POST', '/subscriptions', { body: alice });
    await hss.sar('alice', 'REGISTRATION');
    const { body: shown } = await ask(hss, 'GET', address);
    const replaced = await ask(hss, 'PUT', address, { body: shown });
    expect(replaced).toMatchObject({ status: 200, body: shown });
    await ask(hss, 'DELETE', address);
    const created = await ask(hss, 'POST', '/subscriptions', { body: shown });
    expect(created).toMatchObject({ status: 201, body: { registrationState: 'not-registered', sCscfName: null } });
    expect(created.body.impus).toMatchObject([{ impu: 'sip:alice@ims.example', registrationState: 'not-registered' }]);
    const deregistered = await ask(hss, 'PATCH', address, { body: { registrationState: 'not-registered' } });
    expect(deregistered).toMatchObject({ status: 400, body: { detail: expect.stringContaining('registrationState') } });
  });

  it('[RFC 9110 9.3.1] lists page by page', async () => {
    const hss = await startTestHss();
    for (const name of ['c', 'a', 'e', 'b', 'd']) {
      await hss.subscriptions.create({ impi: `${name}@ims.example`, impus: [{ impu: `sip:${name}@ims.example` }] });
    }
    const seen: string[] = [];
    let after = '';
    do {
      const { status, body } = await ask(hss, 'GET', `/subscriptions?limit=2${after}`);
      expect(status).toBe(200);
      seen.push(...body.subscriptions.map(({ impi, impus }: typeof alice) => `${impi} ${impus.length}`));
      after = body.next === null ? '' : `&after=${encodeURIComponent(body.next)}`;
    } while (after !== '');
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@ims.example 1`));
    await expect(ask(await startTestHss(), 'GET', '/subscriptions')).resolves.toMatchObject({
      body: { subscriptions: [], next: null },
    });
  });

  it('[RFC 9110 9.3.4] replaces, changes, deregisters and deletes, and tells what the S-CSCF answered', async () => {
    const hss = await startTestHss();
    hss.transport.attachSCscf(sCscfName, new TestSCscf());
    await ask(hss, 'POST', '/subscriptions', { body: alice });
    await hss.sar('alice', 'REGISTRATION');
    const more = { impus: [...alice.impus, { impu: 'tel:+491701' }], roamingNetworks: ['visited.example'] };
    const replaced = await ask(hss, 'PUT', address, { body: more });
    expect(replaced).toMatchObject({ status: 200, body: { roamingNetworks: ['visited.example'] } });
    expect(replaced.body.notifications).toMatchObject([{ command: 'PPR', result: 'DIAMETER_SUCCESS' }]);
    const changed = await ask(hss, 'PATCH', address, { body: { unregisteredServices: true } });
    expect(changed.body).toMatchObject({
      unregisteredServices: true,
      roamingNetworks: ['visited.example'],
      notifications: [],
    });
    const body = { reasonCode: 'SERVER_CHANGE', reasonInfo: 'maintenance' };
    const deregistered = await ask(hss, 'POST', `${address}/deregister`, { body });
    expect(deregistered).toMatchObject({ status: 200, body: { registrationState: 'not-registered', sCscfName: null } });
    expect(deregistered.body.notifications).toMatchObject([{ command: 'RTR', result: 'DIAMETER_SUCCESS' }]);
    await expect(ask(hss, 'POST', `${address}/deregister`)).resolves.toMatchObject({
      status: 200,
      body: { notifications: [] },
    });
    await hss.sar('alice', 'REGISTRATION');
    const deleted = await ask(hss, 'DELETE', address);
    expect(deleted).toMatchObject({ status: 200, body: { notifications: [{ command: 'RTR' }] } });
    await expect(ask(hss, 'GET', address)).resolves.toMatchObject({ status: 404 });
  });

  it('[TS 23.003 13.3] takes private identities of every length that is allowed', async () => {
    const hss = await startTestHss();
    const impi = `${'%'.repeat(243)}@ims.example`;
    await ask(hss, 'POST', '/subscriptions', { body: { ...alice, impi } });
    await expect(ask(hss, 'GET', `/subscriptions/${encodeURIComponent(impi)}`)).resolves.toMatchObject({ status: 200 });
  });
});

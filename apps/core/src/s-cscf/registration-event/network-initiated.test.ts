import { describe, expect, it } from 'vitest';
import { createIdentities } from '../../testing/identities.ts';
import { register, registered, startNetwork, statesOf, type TestNetwork } from '../../testing/test-network.ts';
import { Watcher } from '../../testing/watcher.ts';

const identities = await createIdentities();
const alice = 'sip:alice@ims.example';
const one = 'sip:alice@one.invalid';
const own = 'sip:alice@own.invalid';
const waf = 'waf.partner.example';

async function watched(): Promise<{ network: TestNetwork; watcher: Watcher }> {
  const network = await startNetwork(identities);
  const serviceRoute = await registered(network, 'alice', { contacts: [`<${one}>`] });
  const watcher = await Watcher.ofUser(network, 'alice', serviceRoute);
  await watcher.next();
  return { network, watcher };
}

const terminate = (
  network: TestNetwork,
  reasonCode: 'PERMANENT_TERMINATION' | 'SERVER_CHANGE' | 'NEW_SERVER_ASSIGNED',
) =>
  network.cx.sCscf(`sip:${network.core.sCscfAddress};transport=tls`).registrationTermination({
    impi: 'alice@ims.example',
    impus: [],
    reasonCode,
    reasonInfo: undefined,
  });

describe('[TS 24.229 5.4.1.5] [S-CSCF 15] deregistration by the network', () => {
  it('[TS 29.228 6.1.3] RTR: who watches is told not to come back, and the contact is gone', async () => {
    const { network, watcher } = await watched();
    await network.hss.subscriptions.deregister('alice@ims.example');
    const { state, outline } = await watcher.next();
    expect(state).toBe('terminated;reason=noresource');
    expect(outline).toEqual([`${alice} terminated`, `${alice} ${one} rejected terminated`]);
    expect((await register(network, 'alice', { contacts: [], expires: undefined })).headers.has('Contact')).toBe(false);
  });

  it('[TS 29.228 6.1.3.1] RTR for a change of servers: to register anew', async () => {
    const { network, watcher } = await watched();
    await terminate(network, 'SERVER_CHANGE');
    expect((await watcher.next()).outline).toEqual([`${alice} terminated`, `${alice} ${one} deactivated terminated`]);
  });

  it('[TS 29.228 6.1.3.1] RTR because another S-CSCF serves the user: not a word', async () => {
    const { network, watcher } = await watched();
    await terminate(network, 'NEW_SERVER_ASSIGNED');
    expect((await watcher.renew(600)).statusCode).toBe(481);
    expect(watcher.waiting).toBe(0);
  });

  it('[TS 29.228 6.1.3] the P-CSCF hears of it as the user does; watchers of others hear nothing', async () => {
    const { network, watcher } = await watched();
    const bobRoute = await registered(network, 'bob');
    const ofBob = await Watcher.ofUser(network, 'bob', bobRoute);
    await ofBob.next();
    const pCscf = new Watcher(network, 'alice', { asserted: `sip:${network.edge.address};transport=tls` });
    await pCscf.send();
    await pCscf.next();
    await network.hss.subscriptions.deregister('alice@ims.example');
    expect((await pCscf.next()).outline).toEqual((await watcher.next()).outline);
    expect((await ofBob.renew(600)).statusCode).toBe(200);
    expect((await ofBob.next()).reginfo.version).toBe(1);
  });

  it('[TS 29.228 6.2.2] PPR: an identity that leaves the set is terminated, one that joins it is created', async () => {
    const { network, watcher } = await watched();
    const change = (...impus: readonly string[]) =>
      network.cx.sCscf(`sip:${network.core.sCscfAddress};transport=tls`).pushProfile({
        impi: 'alice@ims.example',
        userProfile: {
          impi: 'alice@ims.example',
          implicitRegistrationSet: impus.map((impu) => ({ impu, barred: false })),
        },
        allowedWafWwsfIdentities: undefined,
        authData: undefined,
      });
    await change(alice, 'sip:al@ims.example');
    const joined = await watcher.next();
    expect(joined.outline).toContain(`sip:al@ims.example ${one} created active`);
    await change(alice);
    const left = await watcher.next();
    expect(left.outline).toEqual(['sip:al@ims.example terminated', `sip:al@ims.example ${one} rejected terminated`]);
    expect([left.state.startsWith('active'), watcher.view.registrations.map(({ aor }) => aor)]).toEqual([
      true,
      [alice],
    ]);
  });

  it('[TS 29.228 6.2.2] PPR: an identity that is barred is not named any more', async () => {
    const { network, watcher } = await watched();
    const impus = [{ impu: alice }, { impu: 'sip:al@ims.example' }];
    await network.hss.subscriptions.change('alice@ims.example', { impus });
    await watcher.next();
    const barred = [{ impu: alice }, { impu: 'sip:al@ims.example', barred: true }];
    await network.hss.subscriptions.change('alice@ims.example', { impus: barred });
    expect((await watcher.next()).outline).toContain('sip:al@ims.example terminated');
    await watcher.renew(600);
    expect((await watcher.next()).reginfo.registrations.map(({ aor }) => aor)).toEqual([alice]);
  });

  it('[X.3.2.3-6.2] [S-CSCF 16] PPR: a contact whose WAF left the list is rejected, others stay', async () => {
    const { network, watcher } = await watched();
    const allow = (wafNames: string[]) =>
      network.hss.subscriptions.change('alice@ims.example', { allowedWafWwsfIdentities: { wafNames, wwsfNames: [] } });
    await allow([waf]);
    await registered(network, 'alice', { contacts: [`<${own}>`], statement: { 'authorization-entity': waf } });
    await watcher.next();
    await allow([]);
    const { state, outline } = await watcher.next();
    expect(state).toMatch(/^active/u);
    expect(outline).toEqual([
      `${alice} active`,
      `${alice} ${own} rejected terminated`,
      `${alice} ${one} registered active`,
    ]);
    expect((await statesOf(network, 'alice'))[0]).toBe('registered');
  });
});

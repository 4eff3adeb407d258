import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../../testing/digest-caller.ts';
import { createIdentities } from '../../testing/identities.ts';
import { registered, startNetwork } from '../../testing/test-network.ts';
import { startWatched, Watcher } from '../../testing/watcher.ts';

const identities = await createIdentities();
const alice = 'sip:alice@ims.example';
const one = 'sip:alice@one.invalid';
const two = 'sip:alice@two.invalid';

const watched = (): ReturnType<typeof startWatched> => startWatched(identities, { contacts: [`<${one}>`] });

describe('[RFC 6665 4.2.1] the life of a subscription', () => {
  it('[RFC 3680 4.7] is renewed in its dialog, which brings the full state again', async () => {
    const { watcher } = await watched();
    await watcher.next();
    const response = await watcher.renew(600);
    expect([response.statusCode, response.headers.first('Expires')]).toEqual([200, '600']);
    const { reginfo, state } = await watcher.next();
    expect([reginfo.state, reginfo.version]).toEqual(['full', 1]);
    expect(state).toMatch(/^active;expires=(?:600|599)$/u);
  });

  it('[TS 24.229 5.4.2.1.1] is not renewed by somebody who may not', async () => {
    const { watcher } = await watched();
    await watcher.next();
    const mallory = [['P-Asserted-Identity', '<sip:mallory@ims.example>']] as const;
    expect((await watcher.renew(600, mallory)).statusCode).toBe(403);
    expect((await watcher.renew(600, [['P-Asserted-Identity', `<${alice}>`]])).statusCode).toBe(200);
  });

  it('[RFC 6665 4.2.1.4] ends when the watcher leaves', async () => {
    const { watcher } = await watched();
    await watcher.next();
    expect((await watcher.renew(0)).statusCode).toBe(200);
    expect((await watcher.next()).state).toBe('terminated;reason=timeout');
    expect((await watcher.renew(600)).statusCode).toBe(481);
  });

  it('[RFC 6665 4.4.3] tells the state once where nobody wants to watch', async () => {
    const { network, serviceRoute } = await watched();
    const watcher = new Watcher(network, 'alice', { serviceRoute, expires: 0 });
    expect((await watcher.send()).statusCode).toBe(200);
    const { state, outline } = await watcher.next();
    expect(state).toBe('terminated;reason=timeout');
    expect(outline).toContain(`${alice} ${one} registered active`);
  });

  it('[RFC 6665 4.2.1.1] 423 for less than a minute', async () => {
    const { network, serviceRoute } = await watched();
    const { statusCode, headers } = await new Watcher(network, 'alice', { serviceRoute, expires: 59 }).send();
    expect([statusCode, headers.first('Min-Expires')]).toEqual([423, '60']);
  });

  it('[TS 33.203 U.1] nothing is sent to whoever is no Mw peer; the subscription ends', async () => {
    const network = await startNetwork(identities);
    const serviceRoute = await registered(network, 'alice');
    const watcher = new Watcher(network, 'alice', { serviceRoute });
    const headers = watcher.subscribe.headers
      .without('Record-Route')
      .set('Contact', '<sip:alice@192.0.2.1:5061;transport=tls>');
    const sent = await network.edge.send({ ...watcher.subscribe, headers }, network.sCscf);
    expect((await sent.final).statusCode).toBe(200);
    await registered(network, 'alice');
    expect(await network.operations.metrics.getSingleMetricAsString('core_registration_subscriptions')).toMatch(/ 0$/u);
  });

  it('[N.2.1.2] [S-CSCF 12] is to be proven by Digest where the operator wants that of each request', async () => {
    const network = await startNetwork(identities, { settings: { CORE_CHALLENGE_REQUESTS: 'on' } });
    const dora = new DigestCaller(network, 'dora');
    await dora.provision();
    const serviceRoute = (await dora.register()).headers.first('Service-Route') ?? '';
    const { subscribe } = new Watcher(network, 'dora', { serviceRoute });
    const challenged = await (await network.edge.send(subscribe, network.sCscf)).final;
    expect(challenged.statusCode).toBe(407);
    const proven = dora.client.retry(subscribe, challenged);
    expect((await (await network.edge.send(proven, network.sCscf)).final).statusCode).toBe(200);
  });

  it.each([481, 430])('[RFC 6665 4.2.2] [RFC 5626 5.3] ends where a NOTIFY is answered %i', async (statusCode) => {
    const { network, watcher } = await watched();
    watcher.statusCode = statusCode;
    await watcher.next();
    await registered(network, 'alice', { contacts: [`<${two}>`] });
    expect((await watcher.renew(600)).statusCode).toBe(481);
  });
});

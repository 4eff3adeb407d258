import { describe, expect, it } from 'vitest';
import { createIdentities } from '../../testing/identities.ts';
import { type RegisterFields, ScriptedEdge } from '../../testing/scripted-edge.ts';
import { register, registered, startNetwork, type TestNetwork } from '../../testing/test-network.ts';
import { startWatched, Watcher, type WatcherFields } from '../../testing/watcher.ts';

const identities = await createIdentities();
const alice = 'sip:alice@ims.example';
const one = 'sip:alice@one.invalid';
const two = 'sip:alice@two.invalid';
const instance = '"<urn:uuid:00000000-0000-4000-8000-00000000000a>"';

const watched = (fields: RegisterFields = {}): ReturnType<typeof startWatched> =>
  startWatched(identities, { contacts: [`<${one}>`], ...fields });

async function answerTo(network: TestNetwork, user: string, fields: WatcherFields): Promise<string> {
  const { statusCode, reasonPhrase } = await new Watcher(network, user, fields).send();
  return `${statusCode} ${reasonPhrase}`;
}

describe('[TS 24.229 5.4.2.1.1] who may watch the registrations of a user', () => {
  it('[TS 24.229 5.4.2.1.1] the user, by the Service-Route; the full state comes at once', async () => {
    const network = await startNetwork(identities);
    const contact = `<${one}>;+sip.instance=${instance};reg-id=1`;
    const serviceRoute = await registered(network, 'alice', { contacts: [contact], expires: 600 });
    const watcher = new Watcher(network, 'alice', { serviceRoute });
    const response = await watcher.send();
    expect([response.statusCode, response.headers.first('Expires')]).toEqual([200, '3600']);
    expect(response.headers.first('Contact')).toContain(network.core.sCscfAddress);
    const { state, reginfo, outline, request } = await watcher.next();
    expect(state).toMatch(/^active;expires=3(?:600|599)$/u);
    expect(outline).toEqual([`${alice} active`, `${alice} ${one} registered active`]);
    expect([reginfo.state, reginfo.version]).toEqual(['full', 0]);
    const params = reginfo.registrations[0]?.contacts[0]?.unknownParams;
    expect([params?.get('+sip.instance'), params?.get('reg-id')]).toEqual([instance, '1']);
    expect(reginfo.registrations[0]?.contacts[0]?.expiresSeconds).toBeGreaterThan(590);
    expect(request.headers.first('Content-Type')).toBe('application/reginfo+xml');
    expect([request.headers.first('Event'), request.headers.first('Route')]).toEqual([
      'reg',
      network.edge.route('watcher'),
    ]);
  });

  it('[TS 24.229 5.2.3] [S-CSCF 15] the P-CSCF in the Path, by way of the I-CSCF', async () => {
    const { network } = await watched();
    const watcher = new Watcher(network, 'alice', { asserted: `sip:${network.edge.address};transport=tls` });
    expect((await watcher.send()).statusCode).toBe(200);
    expect((await watcher.next()).outline).toEqual([`${alice} active`, `${alice} ${one} registered active`]);
  });

  it('[TS 24.229 5.2.3] another P-CSCF may not', async () => {
    const otherEdge = await ScriptedEdge.start(identities.otherEdge);
    const network = await startNetwork(identities, { peers: [`${otherEdge.address}=ep-cscf-2.ims.example`] });
    await registered(network, 'alice');
    const asserted = `sip:${otherEdge.address};transport=tls`;
    expect(await answerTo(network, 'alice', { edge: otherEdge, asserted })).toBe('403 Registrations of another user');
  });

  it.each([
    ['another user, by way of the I-CSCF', { asserted: 'sip:bob@ims.example' }],
    ['nobody that we know of', { asserted: '' }],
    ['an application server', { asserted: 'sip:as.ims.example' }],
    ['a telephone number', { asserted: 'tel:+1234' }],
  ])('[TS 24.229 5.4.2.1.1] %s may not', async (_name, fields) => {
    const { network } = await watched();
    await registered(network, 'bob');
    expect(await answerTo(network, 'alice', fields)).toBe('403 Registrations of another user');
  });

  it('[TS 24.229 5.4.2.1.1] another user may not, by their Service-Route', async () => {
    const { network } = await watched();
    const serviceRoute = await registered(network, 'bob');
    const fields = { serviceRoute, asserted: 'sip:bob@ims.example', from: 'sip:bob@ims.example' };
    expect(await answerTo(network, 'alice', fields)).toBe('403 Registrations of another user');
  });

  it('[U.1] nobody may whom no certificate proves, whatever they assert', async () => {
    const { network, serviceRoute } = await watched();
    const asserting = { asserted: alice, from: 'sip:eve@elsewhere.example' };
    const stranger = await ScriptedEdge.start(identities.stranger);
    expect(await answerTo(network, 'alice', { ...asserting, edge: stranger })).toBe(
      '403 Registrations of another user',
    );
    const routed = { ...asserting, edge: stranger, serviceRoute };
    expect(await answerTo(network, 'alice', routed)).toBe('403 Originating requests need a trusted peer');
  });

  it('[TS 24.229 5.4.2.1.1-0] 480 where no contact is registered, 404 where there is no such user', async () => {
    const network = await startNetwork(identities);
    const asserted = `sip:${network.edge.address}`;
    expect(await answerTo(network, 'alice', { asserted })).toBe('480 User not registered');
    expect(await answerTo(network, 'nobody', { asserted })).toBe('404 User unknown');
  });

  it('[TS 24.229 5.4.2.1.1] a barred identity is nobody to watch', async () => {
    const network = await startNetwork(identities);
    const impus = [{ impu: 'sip:dave@ims.example' }, { impu: 'sip:secret@ims.example', barred: true }];
    await network.hss.subscriptions.create({ impi: 'dave@ims.example', impus });
    const serviceRoute = await registered(network, 'dave');
    const fields = { serviceRoute, impu: 'sip:secret@ims.example', asserted: 'sip:dave@ims.example' };
    expect(await answerTo(network, 'dave', fields)).toBe('404 Identity barred');
  });

  it.each([
    ['[RFC 3680 4.4] who reads no reginfo', 'Accept', 'text/plain, application/pidf+xml', 406],
    ['[RFC 3680 4.4] who reads it among others', 'Accept', 'text/plain, Application/Reginfo+xml;q=0.1', 200],
    ['[RFC 3680 4.4] who reads anything', 'Accept', '*/*', 200],
    ['[RFC 3261 8.2.2.3] who requires what we do not know', 'Require', 'eventlist', 420],
    ['[RFC 6665 4.2.1.1] who names the event in a broken way', 'Event', 'reg;=', 400],
  ])('%s', async (_name, header, value, statusCode) => {
    const { network, serviceRoute } = await watched();
    const { subscribe } = new Watcher(network, 'alice', { serviceRoute });
    const request = { ...subscribe, headers: subscribe.headers.set(header, value) };
    expect((await (await network.edge.send(request, network.sCscf)).final).statusCode).toBe(statusCode);
  });

  it('[RFC 6665 4.2.1.1] too many subscriptions of one user get 503, others and the P-CSCF are served', async () => {
    const { network, serviceRoute } = await watched();
    for (let count = 1; count < 20; count += 1) await Watcher.ofUser(network, 'alice', serviceRoute);
    const refused = await new Watcher(network, 'alice', { serviceRoute }).send();
    expect([refused.statusCode, refused.headers.first('Retry-After')]).toEqual([503, '60']);
    const asserted = `sip:${network.edge.address};transport=tls`;
    expect(await answerTo(network, 'alice', { asserted })).toBe('200 OK');
    const bobRoute = await registered(network, 'bob');
    expect((await new Watcher(network, 'bob', { serviceRoute: bobRoute }).send()).statusCode).toBe(200);
  });

  it('[RFC 6665 4.2.1.1] another event package is the callee’s business', async () => {
    const { network, serviceRoute } = await watched();
    const { subscribe } = new Watcher(network, 'alice', { serviceRoute });
    const request = { ...subscribe, headers: subscribe.headers.set('Event', 'dialog') };
    void network.edge.send(request, network.sCscf);
    expect((await network.edge.next('SUBSCRIBE')).headers.first('Event')).toBe('dialog');
  });
});

describe('[TS 24.229 5.4.2.1.2] what a watcher is told', () => {
  it('[TS 24.229 5.4.2.1.2] all of the implicit set, who registered and who was created by it, nobody barred', async () => {
    const network = await startNetwork(identities);
    const impus = [
      { impu: 'sip:dave@ims.example' },
      { impu: 'tel:+49301234' },
      { impu: 'sip:secret@ims.example', barred: true },
    ];
    await network.hss.subscriptions.create({ impi: 'dave@ims.example', impus });
    const serviceRoute = await registered(network, 'dave', { contacts: ['<sip:dave@one.invalid>'] });
    const { outline, request } = await (await Watcher.ofUser(network, 'dave', serviceRoute)).next();
    expect(outline).toEqual([
      'sip:dave@ims.example active',
      'sip:dave@ims.example sip:dave@one.invalid registered active',
      'tel:+49301234 active',
      'tel:+49301234 sip:dave@one.invalid created active',
    ]);
    expect(new TextDecoder().decode(request.body)).not.toContain('secret');
  });

  it('[RFC 3680 5.2] each change, by itself: refreshed, another contact, one that leaves', async () => {
    const { network, watcher } = await watched();
    await watcher.next();
    await registered(network, 'alice', { contacts: [`<${one}>`] });
    const refreshed = await watcher.next();
    expect([refreshed.reginfo.state, refreshed.reginfo.version]).toEqual(['partial', 1]);
    expect(refreshed.outline).toEqual([`${alice} active`, `${alice} ${one} refreshed active`]);
    await registered(network, 'alice', { contacts: [`<${two}>`] });
    expect((await watcher.next()).outline).toContain(`${alice} ${two} registered active`);
    await register(network, 'alice', { contacts: [`<${one}>`], expires: 0 });
    const { state, outline } = await watcher.next();
    expect(state).toMatch(/^active/u);
    expect(outline).toEqual([
      `${alice} active`,
      `${alice} ${one} unregistered terminated`,
      `${alice} ${two} registered active`,
    ]);
    expect(watcher.view.registrations[0]?.contacts.map(({ uri }) => uri)).toEqual([two]);
  });

  it('[RFC 5626 6] the contact that another one of the same flow took the place of', async () => {
    const parameters = `+sip.instance=${instance};reg-id=1`;
    const { network, watcher } = await watched({ contacts: [`<${one}>;${parameters}`] });
    await watcher.next();
    await registered(network, 'alice', { contacts: [`<${two}>;${parameters}`] });
    expect((await watcher.next()).outline).toEqual([
      `${alice} active`,
      `${alice} ${one} unregistered terminated`,
      `${alice} ${two} registered active`,
    ]);
  });

  it('[TS 24.229 5.4.1.4] the end by the user, with which the subscription ends', async () => {
    const { network, watcher } = await watched();
    await watcher.next();
    await register(network, 'alice', { contacts: ['*'], expires: 0 });
    const { state, outline } = await watcher.next();
    expect(state).toBe('terminated;reason=noresource');
    expect(outline).toEqual([`${alice} terminated`, `${alice} ${one} unregistered terminated`]);
    expect((await watcher.renew(600)).statusCode).toBe(481);
  });

  it('[TS 24.229 5.4.1.5] a contact that nobody renewed', async () => {
    const network = await startNetwork(identities, { settings: { CORE_MIN_EXPIRES_SECONDS: '1' } });
    const serviceRoute = await registered(network, 'alice', { contacts: [`<${one}>`], expires: 1 });
    const watcher = await Watcher.ofUser(network, 'alice', serviceRoute);
    await watcher.next();
    const { state, outline, reginfo } = await watcher.next();
    expect(state).toBe('terminated;reason=noresource');
    expect(outline).toEqual([`${alice} terminated`, `${alice} ${one} expired terminated`]);
    expect(reginfo.registrations[0]?.contacts[0]?.expiresSeconds).toBe(0);
  });

  it('[RFC 3680 4.10] what changes quickly comes together', async () => {
    const { network, watcher } = await watched();
    await watcher.next();
    for (let cseq = 2; cseq <= 9; cseq += 1) {
      await registered(network, 'alice', { contacts: [`<sip:alice@c${cseq}.invalid>`] });
    }
    const first = await watcher.next();
    const rest = first.reginfo.registrations[0]?.contacts.length === 9 ? [] : [await watcher.next()];
    expect((rest[0] ?? first).reginfo.registrations[0]?.contacts).toHaveLength(9);
    expect(watcher.waiting).toBe(0);
  });

  it('[RFC 5626 5.3] a contact whose flow is gone shall be registered anew', async () => {
    const { network, watcher } = await watched();
    await watcher.next();
    const message = { method: 'MESSAGE', uri: alice, from: 'sip:bob@elsewhere.example', to: alice };
    const sent = await network.edge.send(network.edge.createRequest(message), network.iCscf);
    const arrived = await network.edge.arrive('MESSAGE');
    arrived.respond({
      statusCode: 430,
      reasonPhrase: 'Flow Failed',
      headers: arrived.request.headers,
      body: new Uint8Array(),
    });
    expect((await sent.final).statusCode).toBe(480);
    const { state, outline } = await watcher.next();
    expect(state).toBe('terminated;reason=noresource');
    expect(outline).toContain(`${alice} ${one} deactivated terminated`);
  });
});

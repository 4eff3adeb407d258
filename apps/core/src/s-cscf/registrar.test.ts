import { parseNameAddr } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { ScriptedEdge } from '../testing/scripted-edge.ts';
import { register, registered, startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();

const instance = (name: string): string => `+sip.instance="<urn:uuid:${name}>"`;
const flow = (name: string, regId = 1): string =>
  `<sip:alice@${name}.invalid;transport=ws>;${instance(name)};reg-id=${regId}`;
const uris = (values: readonly string[]): readonly string[] => values.map((value) => parseNameAddr(value).uri);
const isRegistered = async (network: TestNetwork): Promise<boolean> =>
  (await statesOf(network, 'alice'))[0] === 'registered';

describe('[X.3.2.3-7] [TS 24.229 5.4.1.2.2F] the 200 to a REGISTER', () => {
  it('[TS 24.229 5.4.1.2.2F] [S-CSCF 13] tells contacts, Path, Service-Route and identities', async () => {
    const network = await startNetwork(identities);
    const path = ['<sip:one@192.0.2.1;lr>', network.edge.route('flow-alice')];
    const { statusCode, headers } = await register(network, 'alice', { path, contacts: [flow('phone')] });
    expect(statusCode).toBe(200);
    expect(headers.all('Contact')).toEqual([`${flow('phone')};expires=600`]);
    expect(headers.all('Path')).toEqual(path);
    expect(headers.all('Service-Route')).toEqual([`<sip:orig@${network.core.sCscfAddress};transport=tls;lr>`]);
    expect(headers.all('P-Associated-URI')).toEqual(['<sip:alice@ims.example>']);
    expect(headers.all('Require')).toEqual(['outbound']);
    expect(headers.all('Supported')).toEqual(['path', 'outbound']);
    expect(parseNameAddr(headers.first('To') ?? '').params.has('tag')).toBe(true);
    expect(Date.parse(headers.first('Date') ?? '')).not.toBeNaN();
  });

  it('[TS 24.229 5.4.1.2.2F] [S-CSCF 13] P-Associated-URI lists the implicit set without the barred, the default first', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.create({
      impi: 'dave@ims.example',
      impus: [
        { impu: 'sip:hidden@ims.example', barred: true },
        { impu: 'sip:dave@ims.example' },
        { impu: 'tel:+49301234' },
        { impu: 'sip:work@ims.example', implicitRegistrationSet: 1 },
      ],
    });
    const byHidden = await register(network, 'dave', { impu: 'sip:hidden@ims.example' });
    expect(byHidden.headers.all('P-Associated-URI')).toEqual(['<sip:dave@ims.example>', '<tel:+49301234>']);
    const byTel = await register(network, 'dave', { impu: 'tel:+49-30-1234' });
    expect(byTel.headers.all('Contact')).toHaveLength(1);
    expect(await statesOf(network, 'dave')).toEqual([
      'registered',
      'registered',
      'registered',
      'not-registered',
      `sip:${network.core.sCscfAddress};transport=tls`,
    ]);
  });

  it('[X.3.2.3-6.1] [S-CSCF 4] the HSS is told: first REGISTRATION, then RE_REGISTRATION', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    await registered(network, 'alice');
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
    expect(network.assignments.all[0]).toMatchObject({
      impi: 'alice@ims.example',
      impus: ['sip:alice@ims.example'],
      serverName: `sip:${network.core.sCscfAddress};transport=tls`,
      userDataAlreadyAvailable: false,
    });
    expect(network.assignments.all[1]).toMatchObject({ userDataAlreadyAvailable: true });
    expect(network.log.all.some((line) => line.includes('"registration.refreshed"'))).toBe(true);
  });
});

describe('[RFC 3261 10.3] contacts', () => {
  it('[RFC 3261 10.3-8] each REGISTER is answered with all that there are', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts: ['<sip:alice@one.invalid>'] });
    const { headers } = await register(network, 'alice', {
      contacts: ['<sip:alice@two.invalid>;expires=120', 'sip:alice@three.invalid'],
      expires: 90,
    });
    expect(headers.all('Contact')).toEqual([
      '<sip:alice@one.invalid>;expires=600',
      '<sip:alice@two.invalid>;expires=120',
      '<sip:alice@three.invalid>;expires=90',
    ]);
    expect(headers.has('Require')).toBe(false);
  });

  it('[RFC 3261 10.2.3] none asks only', async () => {
    const network = await startNetwork(identities);
    const before = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(before.statusCode).toBe(200);
    expect(before.headers.has('Contact')).toBe(false);
    expect(before.headers.has('Service-Route')).toBe(false);
    await registered(network, 'alice');
    const after = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(after.headers.all('Contact')).toHaveLength(1);
    expect(network.assignmentTypes).toEqual(['REGISTRATION']);
  });

  it('[RFC 5626 6] instance and reg-id name the flow: a new address takes the place of the old', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts: [flow('phone')] });
    await registered(network, 'alice', { contacts: [flow('phone', 2)] });
    await registered(network, 'alice', { contacts: [flow('tablet')] });
    const moved = `<sip:alice@moved.invalid;transport=ws>;${instance('phone')};reg-id=1`;
    const { headers } = await register(network, 'alice', { contacts: [moved], path: [network.edge.route('new')] });
    expect(uris(headers.all('Contact'))).toEqual([
      'sip:alice@moved.invalid;transport=ws',
      'sip:alice@phone.invalid;transport=ws',
      'sip:alice@tablet.invalid;transport=ws',
    ]);
  });

  it('[RFC 3261 10.3] no more than ten: those updated longest ago give way', async () => {
    const network = await startNetwork(identities);
    const contacts = (count: number, name: string): string[] =>
      Array.from({ length: count }, (_, index) => `<sip:alice@${name}-${index}.invalid>`);
    const names = async (fields: Parameters<typeof register>[2]): Promise<readonly string[]> =>
      uris((await register(network, 'alice', fields)).headers.all('Contact')).map((uri) => uri.slice(10, -8));
    expect((await register(network, 'alice', { contacts: contacts(11, 'a') })).statusCode).toBe(400);
    for (const contact of contacts(10, 'a')) await registered(network, 'alice', { contacts: [contact] });
    await registered(network, 'alice', { contacts: contacts(1, 'a') });
    expect(await names({ contacts: contacts(2, 'b') })).toEqual([
      'a-0',
      'a-3',
      'a-4',
      'a-5',
      'a-6',
      'a-7',
      'a-8',
      'a-9',
      'b-0',
      'b-1',
    ]);
    expect(await names({ contacts: contacts(10, 'c') })).toEqual(contacts(10, 'c').map((_, at) => `c-${at}`));
    const gaveWay = network.log.all.filter((line) => line.includes('gave way to a newer contact'));
    expect(gaveWay).toHaveLength(12);
    expect(await statesOf(network, 'alice')).toContain('registered');
  });

  it('[TS 23.003 13.3] the realm of the private identity may be written in any case', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { contacts: ['<sip:alice@one.invalid>'] });
    const fields = {
      impi: 'alice@IMS.Example',
      impu: 'sip:%61lice@IMS.example',
      contacts: ['<sip:alice@two.invalid>'],
    };
    const { headers } = await register(network, 'alice', fields);
    expect(uris(headers.all('Contact'))).toEqual(['sip:alice@one.invalid', 'sip:alice@two.invalid']);
    expect(network.assignmentTypes).toEqual(['REGISTRATION', 'RE_REGISTRATION']);
    expect((await register(network, 'alice', { impi: 'ALICE@ims.example' })).statusCode).toBe(403);
  });

  it('[RFC 3261 19.1.4] an escape that means something is kept, by the HSS too', async () => {
    const network = await startNetwork(identities);
    await network.hss.subscriptions.create({ impi: 'x@ims.example', impus: [{ impu: 'sip:x%2by@ims.example' }] });
    const { headers } = await register(network, 'x', { impu: 'sip:x%2By@ims.example' });
    expect(headers.all('P-Associated-URI')).toEqual(['<sip:x%2By@ims.example>']);
    expect((await register(network, 'x', { impu: 'sip:x+y@ims.example' })).statusCode).toBe(403);
  });

  it('[RFC 5626 6] Require: outbound tells of the contact of this REGISTER only', async () => {
    const network = await startNetwork(identities);
    const required = async (fields: Parameters<typeof register>[2]): Promise<readonly string[]> =>
      (await register(network, 'alice', fields)).headers.all('Require');
    expect(await required({ contacts: [flow('phone')] })).toEqual(['outbound']);
    expect(await required({ contacts: ['<sip:alice@plain.invalid>'] })).toEqual([]);
    expect(await required({ contacts: [], expires: undefined })).toEqual([]);
    expect(await required({ contacts: [flow('phone')], expires: 0 })).toEqual([]);
  });

  it('[RFC 3261 10.3] a list that would fill the message is refused', async () => {
    const network = await startNetwork(identities);
    for (const count of [1_500, 5_000]) {
      const contacts = [Array.from({ length: count }, (_, index) => `<sip:${index}@a>`).join()];
      expect((await register(network, 'alice', { contacts })).statusCode).toBe(400);
    }
    expect(await isRegistered(network)).toBe(false);
  });

  it.each([
    ['tel:+4930123'],
    ['mailto:alice@ims.example'],
    ['<sip:alice@wic.invalid>;expires=soon'],
    ['<sip:alice@wic.invalid>;reg-id=one'],
    ['<sip:alice@wic.invalid'],
    ['*', '<sip:alice@wic.invalid>'],
  ])('[RFC 3261 20.10] %s is refused', async (...contacts) => {
    const network = await startNetwork(identities);
    expect((await register(network, 'alice', { contacts })).statusCode).toBe(400);
    expect(await isRegistered(network)).toBe(false);
  });

  it('[RFC 3261 19.1.1] header fields in the address are left out: it becomes a Request-URI', async () => {
    const network = await startNetwork(identities);
    const { headers } = await register(network, 'alice', { contacts: ['<sip:alice@wic.invalid?Replaces=x>'] });
    expect(uris(headers.all('Contact'))).toEqual(['sip:alice@wic.invalid']);
  });
});

describe('[RFC 3261 10.3-7] how long, and in which order', () => {
  it.each([
    [{ expires: 59 }, 'Min-Expires'],
    [{ contacts: ['<sip:alice@wic.invalid>;expires=1'] }, 'Min-Expires'],
  ])('[RFC 3261 10.3-7] [S-CSCF 14] %j is too brief', async (fields, name) => {
    const network = await startNetwork(identities);
    const { statusCode, headers } = await register(network, 'alice', fields);
    expect(statusCode).toBe(423);
    expect(headers.first(name)).toBe('60');
    expect(network.assignmentTypes).toEqual([]);
  });

  it.each([
    [{ expires: 60 }, '60'],
    [{ expires: 100_000 }, '3600'],
    [{ expires: 4_294_967_295 }, '3600'],
    [{ expires: undefined }, '3600'],
    [{ expires: 300, contacts: ['<sip:alice@wic.invalid>;expires=200'] }, '200'],
  ])('[RFC 3261 10.3-7] %j is granted %s s', async (fields, seconds) => {
    const network = await startNetwork(identities);
    const { headers } = await register(network, 'alice', fields);
    expect(parseNameAddr(headers.first('Contact') ?? '').params.get('expires')).toBe(seconds);
  });

  it.each([
    [5, 500],
    [4, 500],
    [6, 200],
  ])('[RFC 3261 10.3-7] CSeq %i after 5 of the same Call-ID: %i', async (cseq, statusCode) => {
    const network = await startNetwork(identities);
    await registered(network, 'alice', { callId: 'registration', cseq: 5 });
    expect((await register(network, 'alice', { callId: 'registration', cseq })).statusCode).toBe(statusCode);
    expect((await register(network, 'alice', { callId: 'another', cseq: 1 })).statusCode).toBe(200);
  });
});

describe('[TS 24.229 5.4.1.2] what a registrar refuses', () => {
  it('[RFC 5626 6] [S-CSCF 14] a flow where the first hop knows nothing of outbound: 439', async () => {
    const network = await startNetwork(identities);
    const contacts = [flow('phone')];
    const withoutOb = '<sip:flow@192.0.2.1;lr>';
    for (const path of [[], [withoutOb], [network.edge.route('x'), withoutOb]]) {
      const refused = await register(network, 'alice', { contacts, path });
      expect(refused).toMatchObject({ statusCode: 439, reasonPhrase: 'First Hop Lacks Outbound Support' });
    }
    const path = [withoutOb, network.edge.route('x')];
    expect((await register(network, 'alice', { contacts, path })).statusCode).toBe(200);
  });

  it('[RFC 5626 6] reg-id of who does not support outbound counts for nothing', async () => {
    const network = await startNetwork(identities);
    const contacts = [flow('phone')];
    const { headers } = await register(network, 'alice', { contacts, supported: 'path', path: [] });
    expect(headers.all('Contact')).toHaveLength(1);
    expect(headers.has('Require')).toBe(false);
    const moved = [`<sip:alice@moved.invalid;transport=ws>;${instance('phone')};reg-id=1`];
    const after = await register(network, 'alice', { contacts: moved, supported: '' });
    expect(after.headers.all('Contact')).toHaveLength(2);
  });

  it('[RFC 5626 6] two flows in one REGISTER: 400', async () => {
    const network = await startNetwork(identities);
    const refused = await register(network, 'alice', { contacts: [flow('phone'), flow('tablet')] });
    expect(refused).toMatchObject({ statusCode: 400, reasonPhrase: 'Several contacts with reg-id' });
    expect(await isRegistered(network)).toBe(false);
    expect((await register(network, 'alice', { contacts: [flow('phone')] })).statusCode).toBe(200);
  });

  it('[RFC 3261 8.2.2.3] an extension it does not know: 420', async () => {
    const network = await startNetwork(identities);
    const { statusCode, headers } = await register(network, 'alice', { headers: [['Require', 'path, 100rel, x']] });
    expect(statusCode).toBe(420);
    expect(headers.all('Unsupported')).toEqual(['100rel', 'x']);
    expect((await register(network, 'alice', { headers: [['Require', 'path, outbound']] })).statusCode).toBe(200);
  });

  it.each([
    ['another user in From', { from: 'sip:bob@ims.example' }, 403],
    ['a From of another kind', { from: 'mailto:alice@ims.example' }, 400],
    ['a secure identity', { impu: 'sips:alice@ims.example' }, 403],
    ['a broken Path', { path: ['<sip:flow@192.0.2.1'] }, 400],
    ['a Path of another kind', { path: ['<mailto:flow@ims.example>'] }, 400],
    ['no credentials', { authorization: [] }, 403],
    [
      'another kind of credentials',
      { authorization: ['Basic username="alice@ims.example",integrity-protected="auth-done"'] },
      403,
    ],
    ['credentials that are not verified', { statement: { 'integrity-protected': 'no' } }, 401],
    ['no private identity', { impi: '' }, 403],
  ])('[TS 24.229 5.4.1.1] %s', async (_name, fields, statusCode) => {
    const network = await startNetwork(identities);
    expect((await register(network, 'alice', fields)).statusCode).toBe(statusCode);
    expect(await isRegistered(network)).toBe(false);
  });

  it('[X.3.1 REQ 2.4] a private identity of somebody else, also at the S-CSCF itself', async () => {
    const network = await startNetwork(identities);
    const { edge } = network;
    for (const expires of [600, 0]) {
      const request = edge.createRegister('alice', { impi: 'bob@ims.example', expires });
      expect((await (await edge.send(request, network.sCscf)).final).statusCode).toBe(403);
    }
    expect(await isRegistered(network)).toBe(false);
  });

  it('[RFC 3261 21.5.4] more registrations than it takes on: 503', async () => {
    const network = await startNetwork(identities, { settings: { CORE_MAX_REGISTRATIONS: '1' } });
    await registered(network, 'alice');
    const request = network.edge.createRegister('bob');
    const { statusCode, headers } = await (await network.edge.send(request, network.sCscf)).final;
    expect(statusCode).toBe(503);
    expect(headers.first('Retry-After')).toBe('60');
    expect(await statesOf(network, 'bob')).toEqual(['not-registered', undefined]);
    await registered(network, 'alice');
    await register(network, 'alice', { expires: 0 });
    await registered(network, 'bob');
  });
});

describe('concurrent REGISTERs of one private identity', () => {
  it('[RFC 3261 10.3] are carried out one after the other', async () => {
    const network = await startNetwork(identities);
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        register(network, 'alice', { contacts: [`<sip:alice@${index}.invalid>`] }),
      ),
    );
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(network.assignmentTypes.filter((type) => type === 'REGISTRATION')).toHaveLength(1);
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.all('Contact')).toHaveLength(10);
  });

  it('[RFC 3261 10.3] registration and deregistration leave S-CSCF and HSS of one mind', async () => {
    const network = await startNetwork(identities);
    await registered(network, 'alice');
    const { edge } = network;
    const requests = Array.from({ length: 12 }, (_, index) =>
      edge.createRegister('alice', { expires: index % 2 === 0 ? 0 : 600 }),
    );
    await Promise.all(requests.map(async (request) => (await edge.send(request, network.sCscf)).final));
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.has('Contact')).toBe(await isRegistered(network));
  });
});

it('[U.2-4] two trusted nodes may serve one user', async () => {
  const other = await ScriptedEdge.start(identities.otherEdge);
  const network = await startNetwork(identities, { peers: [`${other.address}=ep-cscf-2.ims.example`] });
  await registered(network, 'alice', { contacts: [flow('phone')] });
  const request = other.createRegister('alice', { contacts: [flow('tablet')] });
  const { headers } = await (await other.send(request, network.iCscf)).final;
  expect(headers.all('Contact')).toHaveLength(2);
  expect(headers.all('Path')).toEqual([other.route('flow-alice')]);
});

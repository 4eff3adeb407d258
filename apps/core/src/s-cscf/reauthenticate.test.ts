import type { SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { DigestCaller } from '../testing/digest-caller.ts';
import { createIdentities } from '../testing/identities.ts';
import { type Operator, startOperator } from '../testing/operator.ts';
import { registered, startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';
import { Watcher } from '../testing/watcher.ts';

const identities = await createIdentities();
const dora = 'sip:dora@ims.example';
const impi = 'dora@ims.example';
const contact = 'sip:dora@wic.invalid;transport=ws';

interface Registered {
  readonly network: TestNetwork;
  readonly operator: Operator;
  readonly caller: DigestCaller;
  readonly watcher: Watcher;
}

/** By SIP Digest over TLS, and watched. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<Registered> {
  const network = await startNetwork(identities, { settings });
  const operator = await startOperator(network.operations);
  const caller = new DigestCaller(network, 'dora');
  await caller.provision();
  const { headers } = await caller.register();
  const watcher = await Watcher.ofUser(network, 'dora', headers.first('Service-Route') ?? '');
  await watcher.next();
  return { network, operator, caller, watcher };
}

/** A REGISTER without an answer, which the P-CSCF knows by its TLS session (O.4.3). */
async function registerByTls({ network, caller }: Registered): Promise<SipResponse> {
  const statement = { 'integrity-protected': 'tls-yes' };
  return await (await network.edge.send(caller.createRegister({ authorization: [tlsYes], statement }), network.iCscf))
    .final;
}

const tlsYes = `Digest username="${impi}",realm="ims.example",nonce="",uri="sip:ims.example",response="",integrity-protected="tls-yes"`;

describe('[N.2.4] [6.1.4] re-authentication by the network', () => {
  it.each([
    ['private', { impi }],
    ['public', { impu: dora }],
  ])(
    '[N.2.4] asks the user to register anew: the registration of the %s identity is shortened',
    async (_name, whom) => {
      const { operator, watcher } = await start();
      expect(await operator('POST', '/re-authentications', whom)).toEqual({ status: 204, body: undefined });
      const { state, outline, reginfo } = await watcher.next();
      expect(state).toMatch(/^active/u);
      expect(outline).toEqual([
        `${dora} active`,
        `${dora} ${contact} shortened active`,
        'sip:dora.work@ims.example active',
        `sip:dora.work@ims.example ${contact} shortened active`,
      ]);
      expect(reginfo.registrations[0]?.contacts[0]?.expiresSeconds).toBeLessThanOrEqual(60);
    },
  );

  it('[N.2.4] [S-CSCF 11] the next REGISTER is challenged though tls-yes would do; its answer restores everything', async () => {
    const parts = await start();
    expect((await registerByTls(parts)).statusCode).toBe(200);
    expect((await parts.watcher.next()).outline).toContain(`${dora} ${contact} refreshed active`);
    await parts.operator('POST', '/re-authentications', { impi });
    await parts.watcher.next();
    expect((await registerByTls(parts)).statusCode).toBe(401);
    expect((await parts.caller.register()).statusCode).toBe(200);
    const { outline, reginfo } = await parts.watcher.next();
    expect(outline).toContain(`${dora} ${contact} refreshed active`);
    expect(reginfo.registrations[0]?.contacts[0]?.expiresSeconds).toBeGreaterThan(500);
    expect((await registerByTls(parts)).statusCode).toBe(200);
  });

  it('[6.1.4] an answer with a nonce of before is challenged too', async () => {
    const { operator, caller } = await start();
    await operator('POST', '/re-authentications', { impi });
    const { response } = await caller.send(caller.client.authorize(caller.createRegister()));
    expect(response.statusCode).toBe(401);
  });

  it('[N.2.4] who does not register anew is deregistered when the time is over', async () => {
    const { network, operator, watcher } = await start({ CORE_REAUTHENTICATION_SECONDS: '1' });
    await operator('POST', '/re-authentications', { impi });
    await watcher.next();
    const { state, outline } = await watcher.next();
    expect(state).toBe('terminated;reason=noresource');
    expect(outline).toContain(`${dora} ${contact} expired terminated`);
    await network.assignments.when(({ serverAssignmentType }) => serverAssignmentType === 'TIMEOUT_DEREGISTRATION');
    expect((await statesOf(network, 'dora'))[0]).toBe('not-registered');
  });

  it('[6.1.4] whom a trusted node vouches for registers anew by it', async () => {
    const { network, operator } = await start();
    const watcher = await Watcher.ofUser(network, 'alice', await registered(network, 'alice'));
    await watcher.next();
    await operator('POST', '/re-authentications', { impi: 'alice@ims.example' });
    await watcher.next();
    await registered(network, 'alice');
    expect((await watcher.next()).reginfo.registrations[0]?.contacts[0]?.event).toBe('refreshed');
  });

  it('[6.1.4] 404 for whoever is not registered, 400 for what names nobody', async () => {
    const { operator } = await start();
    const post = async (body: unknown): Promise<number> => (await operator('POST', '/re-authentications', body)).status;
    expect(await post({ impi: 'alice@ims.example' })).toBe(404);
    expect(await post({ impu: 'sip:nobody@ims.example' })).toBe(404);
    for (const body of [undefined, {}, [], { impi: 1 }, { impu: 'dora' }, { impi, impu: dora }]) {
      expect(await post(body)).toBe(400);
    }
  });
});

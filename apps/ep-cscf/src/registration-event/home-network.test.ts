import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RealHome } from '../testing/real-home.ts';
import type { WicClient } from '../testing/wic-client.ts';

let home: RealHome;
let alice: WicClient;
let bob: WicClient;
let number = 0;

beforeAll(async () => {
  home = await RealHome.start(['alice', 'bob']);
  bob = await register('bob');
});
beforeEach(async () => {
  alice = await register('alice');
});
afterAll(() => home.stop());

/** Registered, and the core has told the eP-CSCF of it. */
async function register(name: string): Promise<WicClient> {
  const told = home.edge.nextLine('registration-event.told');
  const wic = await home.edge.connect(name);
  expect(await send(wic)).toBe(200);
  await told;
  return wic;
}

/** A REGISTER of a dialog of its own: the core knows those it has had. */
async function send(wic: WicClient, ...headers: readonly (readonly [string, string])[]): Promise<number> {
  number += 1;
  const token = await home.edge.waf.issue(wic.name);
  return (await wic.register(token, { headers: [['Call-ID', `${wic.name}-r${number}`], ...headers] })).statusCode;
}

describe('the network ends a registration', () => {
  it('[TS 24.229 5.2.3] [eP-CSCF 22] by the HSS: the connection is closed with 1008 within a second', async () => {
    const start = performance.now();
    await home.hss.subscriptions.deregister('alice@ims.example');
    expect(await alice.closed).toBe(1_008);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });

  it('[TS 24.229 5.2.3] [eP-CSCF 22] for a change of servers: with 4001, and the user registers anew', async () => {
    const start = performance.now();
    await home.cx.sCscf(home.serverName).registrationTermination({
      impi: 'alice@ims.example',
      impus: [],
      reasonCode: 'SERVER_CHANGE',
      reasonInfo: undefined,
    });
    expect(await alice.closed).toBe(4_001);
    expect(performance.now() - start).toBeLessThan(1_000);
    alice = await register('alice');
    await alice.close();
  });

  it('[TS 24.229 5.2.3] not where a page is loaded anew: its flow goes on with the new connection', async () => {
    const again = await home.edge.connect('alice');
    const contact = `<sip:alice@again.invalid;transport=ws>${again.instance}`;
    expect(await send(again, ['Contact', contact])).toBe(200);
    expect(await alice.closed).toBe(4_000);
    await home.hss.subscriptions.deregister('alice@ims.example');
    expect(await again.closed).toBe(1_008);
  });

  it('[TS 24.229 5.2.3] not where the user does: the connection stays', async () => {
    expect(await send(alice, ['Expires', '0'])).toBe(200);
    expect(await send(alice)).toBe(200);
    expect(alice.socket.readyState).toBe(alice.socket.OPEN);
    await alice.close();
  });
});

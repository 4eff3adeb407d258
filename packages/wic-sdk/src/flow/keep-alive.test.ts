import { createResponse, type SipResponse } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GatewayTransaction } from '../testing/in-memory-gateway.ts';
import { InMemoryWorld, impuOf } from '../testing/in-memory-world.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

/** Lets the WIC in, and says this of its keep-alives. */
function granting(keep: string, statusCode = 200) {
  return ({ request, respond }: GatewayTransaction): boolean => {
    if (request.method !== 'REGISTER') return false;
    const contact = `${request.headers.first('Contact') ?? ''};expires=600000`;
    const response = createResponse(request, statusCode, { toTag: 'let-in', headers: [['Contact', contact]] });
    respond(withKeep(response, keep));
    return true;
  };
}

function withKeep(response: SipResponse, keep: string): SipResponse {
  const via = response.headers.first('Via') ?? '';
  return { ...response, headers: response.headers.replaceFirst('Via', via.replace(/;keep(?=;|$)/u, `;${keep}`)) };
}

/** Pings within a minute of the registration. */
async function pingsWith(keep: string): Promise<number> {
  world.gateway.onRequest = granting(keep);
  await world.register('alice');
  await world.clock.advance(60_000);
  return world.gateway.frames.filter((frame) => frame === '\r\n\r\n').length;
}

describe('keep-alives of a registered flow', () => {
  it('[W.3.1.2] [W.3.3] [RFC 6223 4.3] are sent as often as the eP-CSCF wants, or a little oftener', async () => {
    const pings = await pingsWith('keep=5');
    expect(pings).toBeGreaterThanOrEqual(12);
    expect(pings).toBeLessThanOrEqual(15);
  });

  it.each([
    ['keep=0', 'which leaves it to the UE'],
    ['keep=600', 'seldom: a dead flow is to be noticed sooner'],
    ['keep=soon', 'what is no number'],
    ['keep', 'nothing'],
  ])('[RFC 6223 4.3] are sent every 20 to 25 s where the eP-CSCF answers %s, %s', async (keep) => {
    const pings = await pingsWith(keep);
    expect(pings).toBeGreaterThanOrEqual(2);
    expect(pings).toBeLessThanOrEqual(3);
  });

  it('[RFC 6223 4.3] are no matter of a response that refuses', async () => {
    world.gateway.onRequest = granting('keep=1', 503);
    const { wic } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    await world.clock.advance(10_000);
    expect(wic.registration.getSnapshot().status).toBe('registering');
    expect(world.gateway.frames.filter((frame) => frame === '\r\n\r\n')).toEqual([]);
  });
});

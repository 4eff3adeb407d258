import { createResponse, Headers, noBody, type SipRequest } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFlow, type GatewayTransaction, InMemoryWorld, impuOf } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

function optionsFor(callId: string): SipRequest {
  return {
    method: 'OPTIONS',
    requestUri: impuOf('alice'),
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', '<sip:bob@ims.example>;tag=b1'],
      ['To', `<${impuOf('alice')}>`],
      ['Call-ID', callId],
      ['CSeq', '1 OPTIONS'],
    ),
    body: noBody,
  };
}

/** Lets the WIC in and leaves its older connections as they are. */
function letIn({ request, respond }: GatewayTransaction): boolean {
  if (request.method !== 'REGISTER') return false;
  const contact = `${request.headers.first('Contact') ?? ''};expires=600`;
  const headers = [['Contact', contact] as const, ['P-Associated-URI', `<${impuOf('alice')}>`] as const];
  respond(createResponse(request, 200, { toTag: 'again', headers }));
  return true;
}

/** Registered on the second of two connections. The WIC has left the first, and its peer still speaks on it. */
async function registerAgain(): Promise<readonly [GatewayFlow, GatewayFlow]> {
  class Lingering extends world.gateway.WebSocket {
    override close(): void {}
  }
  const { wic } = await world.register('alice', { platform: { WebSocket: Lingering } });
  world.gateway.onRequest = letIn;
  world.gateway.answersPings = false;
  await world.clock.advance(37_000);
  world.gateway.answersPings = true;
  expect(wic.registration.getSnapshot().status).toBe('registered');
  const [older, newer] = world.gateway.flows;
  if (older === undefined || newer === undefined) throw new TypeError('expected two connections');
  expect([older, newer].map(({ socket }) => socket.isOpen)).toEqual([true, true]);
  return [older, newer];
}

/** The status codes of what a request on `flow` gets. */
async function statusCodesOn(flow: GatewayFlow): Promise<readonly number[]> {
  const before = world.gateway.received.length;
  world.gateway.send(optionsFor(`call-${before}`), flow);
  await world.clock.advance(100);
  return world.gateway.received
    .slice(before)
    .flatMap((message) => ('statusCode' in message ? [message.statusCode] : []));
}

describe('[O.2.3] SIP after the 200', () => {
  it('[O.2.3] [WIC 13] is taken on that connection', async () => {
    const [, newer] = await registerAgain();
    expect(await statusCodesOn(newer)).toEqual([200]);
  });

  it('[O.2.3] [WIC 13] is dropped on the other connection, of an older registration', async () => {
    const [older, newer] = await registerAgain();
    const frames = world.gateway.frames.length;
    expect(await statusCodesOn(older)).toEqual([]);
    older.socket.send('\r\n\r\n');
    older.socket.send('INVITE sip:alice@ims.example SIP/2.0\r\n\r\n');
    await world.clock.advance(100);
    expect(world.gateway.frames).toHaveLength(frames);
    expect(await statusCodesOn(newer)).toEqual([200]);
  });
});

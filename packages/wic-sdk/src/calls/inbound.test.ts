import {
  decodeUtf8,
  encodeUtf8,
  formatMessage,
  Headers,
  noBody,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFlow, InMemoryWorld, impuOf, lastCall } from '../testing.ts';
import { anonymousPeer } from './anonymous-peer.ts';

let world: InMemoryWorld;
let flow: GatewayFlow;
let count = 0;

beforeEach(async () => {
  world = new InMemoryWorld();
});

type Field = readonly [string, string];
const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=sendrecv',
  'a=ice-ufrag:peer',
  'a=ice-pwd:peerpeerpeerpeerpeerpeer',
  'a=candidate:1 1 udp 1 192.0.2.9 9 typ host',
  '',
].join('\r\n');

const contentType: Field = ['Content-Type', 'application/sdp'];

/** A request of a stranger, outside any dialog unless `to` has a tag. */
function request(method: string, extra: readonly Field[] = [], body = ''): SipRequest {
  count += 1;
  return {
    method,
    requestUri: impuOf('alice'),
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', '"Mallory" <sip:mallory@ims.example>;tag=m1'],
      ['To', `<${impuOf('alice')}>`],
      ['Call-ID', `call-${count}`],
      ['CSeq', `1 ${method}`],
      ['Contact', '<sip:mallory@peer.example>'],
      ...extra,
    ),
    body: body === '' ? noBody : encodeUtf8(body),
  };
}

/** The responses that `sent` gets. */
async function ask(sent: SipRequest, ms = 10): Promise<readonly SipResponse[]> {
  const responses: SipResponse[] = [];
  world.gateway.send(sent, flow, (event) => {
    if (event.type === 'response') responses.push(event.response);
  });
  await world.clock.advance(ms);
  return responses;
}

async function openAlice() {
  const alice = await world.register('alice');
  const [first] = world.gateway.flows;
  if (first === undefined) throw new TypeError('expected a flow');
  flow = first;
  return alice;
}

/** A dialog with Alice, answered. */
async function talkToAlice() {
  const alice = await openAlice();
  const invite = request('INVITE', [contentType, ['Recv-Info', 'trickle-ice']], sdp);
  const responses: SipResponse[] = [];
  world.gateway.send(invite, flow, (event) => event.type === 'response' && responses.push(event.response));
  await world.clock.advance(10);
  void lastCall(alice.wic).answer({ video: false });
  await world.clock.advance(300);
  const to = responses.at(-1)?.headers.first('To') ?? '';
  const inDialog = (method: string, number: number, extra: readonly Field[] = [], body = ''): SipRequest => {
    const base = request(method, extra, body);
    const callId = invite.headers.first('Call-ID') ?? '';
    return { ...base, headers: base.headers.set('To', to).set('Call-ID', callId).set('CSeq', `${number} ${method}`) };
  };
  return { alice, responses, inDialog, call: lastCall(alice.wic) };
}

describe('a request from outside', () => {
  it.each([
    { what: 'an unknown method', sent: () => request('PUBLISH'), statusCode: 405 },
    {
      what: 'MESSAGE, not yet',
      sent: () => request('MESSAGE', [['Content-Type', 'text/plain']], 'x'),
      statusCode: 405,
    },
    { what: 'OPTIONS', sent: () => request('OPTIONS'), statusCode: 200 },
    { what: 'INVITE that requires 100rel', sent: () => request('INVITE', [['Require', '100rel']]), statusCode: 420 },
    {
      what: 'INVITE with another body',
      sent: () => request('INVITE', [['Content-Type', 'text/plain']], 'x'),
      statusCode: 415,
    },
    {
      what: 'a broken asserted identity',
      sent: () => request('INVITE', [['P-Asserted-Identity', '<sip']]),
      statusCode: 400,
    },
    { what: 'a dialog nobody knows', sent: () => unknownDialog('BYE'), statusCode: 481 },
    { what: 'a re-INVITE nobody knows', sent: () => unknownDialog('INVITE'), statusCode: 481 },
  ])('[RFC 3261 8.2] $what is answered with $statusCode', async ({ sent, statusCode }) => {
    const alice = await openAlice();
    const responses = await ask(sent());
    expect(responses.map((response) => response.statusCode)).toEqual([statusCode]);
    expect(alice.wic.calls.getSnapshot()).toEqual([]);
  });

  it('[RFC 3261 8.2.2.2] is found to be the same INVITE on another way', async () => {
    await openAlice();
    const invite = request('INVITE', [contentType], sdp);
    expect((await ask(invite)).map(({ statusCode }) => statusCode)).toEqual([180]);
    expect((await ask(invite)).map(({ statusCode }) => statusCode)).toEqual([482]);
  });

  it('[RFC 3261 20.5] is told what is allowed', async () => {
    await openAlice();
    const [response] = await ask(request('PUBLISH'));
    expect(response?.headers.all('Allow')).toEqual(['INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO', 'OPTIONS']);
  });

  it.each([
    '',
    'x',
    '\0',
    'INVITE',
    'SIP/2.0 999 Never\r\n\r\n',
    'INVITE sip:alice@ims.example SIP/2.0\r\n\r\n',
    'OPTIONS sip:alice@ims.example SIP/2.0\r\nVia: SIP/2.0/WSS a;branch=z9hG4bK1\r\nFrom: <\r\n\r\n',
    `SIP/2.0 200 OK\r\nVia: x\r\n\r\n`,
    'x'.repeat(70_000),
  ])('[RFC 4475] that is none costs nothing (%#)', async (text) => {
    const alice = await openAlice();
    flow.socket.send(text);
    await world.clock.advance(10);
    expect(alice.wic.registration.getSnapshot().status).toBe('registered');
    expect((await ask(request('OPTIONS'))).at(-1)?.statusCode).toBe(200);
  });

  it('[RFC 7118 4.2] may come as a binary frame', async () => {
    await openAlice();
    const sent = request('OPTIONS');
    const via = 'SIP/2.0/WSS gateway.example;branch=z9hG4bKbinary';
    flow.socket.send(formatMessage({ ...sent, headers: sent.headers.prepend('Via', via) }));
    flow.socket.send(encodeUtf8('\r\n\r\n'));
    await world.clock.advance(10);
    const answered = world.gateway.responses(200).filter(({ headers }) => headers.first('CSeq')?.endsWith('OPTIONS'));
    expect(answered).toHaveLength(1);
    expect(world.gateway.frames.at(-1)).toBe('\r\n');
  });

  it('[RFC 4475] survives mutation: 1,000 broken INVITEs cost no more than an answer each', async () => {
    const alice = await openAlice();
    const sent = request('INVITE', [contentType, ['Recv-Info', 'trickle-ice']], sdp);
    const via = 'SIP/2.0/WSS gateway.example;branch=z9hG4bKmutant';
    const text = decodeUtf8(formatMessage({ ...sent, headers: sent.headers.prepend('Via', via) })) ?? '';
    const mutant = fc
      .tuple(fc.nat(text.length - 1), fc.nat(8), fc.string({ maxLength: 4 }))
      .map(([at, length, noise]) => text.slice(0, at) + noise + text.slice(at + length));
    for (const frame of fc.sample(mutant, { numRuns: 1_000, seed: 1 })) flow.socket.send(frame);
    await world.clock.advance(100);
    for (const call of alice.wic.calls.getSnapshot()) call.hangUp();
    await world.clock.advance(40_000);
    expect(alice.wic.registration.getSnapshot().status).toBe('registered');
    expect(alice.wic.calls.getSnapshot()).toEqual([]);
    expect((await ask(request('INVITE', [contentType], sdp))).at(-1)?.statusCode).toBe(180);
  });
});

describe('an incoming call', () => {
  it('[RFC 3325 9.1] shows the asserted identity, and no tricks in its name', async () => {
    const alice = await openAlice();
    const identity = '"Bob \u202eevil\u0007" <sip:bob@ims.example>';
    await ask(request('INVITE', [['P-Asserted-Identity', identity], contentType], sdp));
    expect(lastCall(alice.wic).peer).toEqual({ uri: impuOf('bob'), displayName: 'Bob evil' });
  });

  it('[RFC 3325 9.1] shows nothing of what the caller says of itself', async () => {
    const alice = await openAlice();
    await ask(request('INVITE', [contentType], sdp));
    expect(lastCall(alice.wic).peer).toEqual(anonymousPeer);
    expect(lastCall(alice.wic).getSnapshot().status).toBe('incoming');
  });

  it('[RFC 3261 13.3.1.4] repeats its 200 until the ACK comes, and hangs up without one', async () => {
    const { call, responses } = await talkToAlice();
    await world.clock.advance(3_000);
    expect(responses.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(2);
    await world.clock.advance(30_000);
    expect(world.gateway.requests('BYE')).toHaveLength(1);
    expect(call.getSnapshot().end?.cause).toBe('connection lost');
  });

  it('[RFC 3261 15] is hung up with BYE only after the ACK', async () => {
    const { call, inDialog } = await talkToAlice();
    call.hangUp();
    await world.clock.advance(100);
    expect(world.gateway.requests('BYE')).toEqual([]);
    world.gateway.layer.sendAck(inDialog('ACK', 1), flow);
    await world.clock.advance(100);
    expect(world.gateway.requests('BYE')).toHaveLength(1);
  });

  it('[RFC 3261 12.2.2] refuses what comes out of order, and goes on', async () => {
    const { call, inDialog } = await talkToAlice();
    expect((await ask(inDialog('OPTIONS', 1))).at(-1)?.statusCode).toBe(500);
    expect((await ask(inDialog('OPTIONS', 5))).at(-1)?.statusCode).toBe(200);
    expect(call.getSnapshot().end).toBeUndefined();
  });

  it.each([
    { what: 'another info package', headers: [['Info-Package', 'dtmf']] as Field[], body: 'x', statusCode: 469 },
    { what: 'no info package', headers: [] as Field[], body: 'x', statusCode: 469 },
    {
      what: 'another body',
      headers: [
        ['Info-Package', 'trickle-ice'],
        ['Content-Type', 'text/plain'],
      ] as Field[],
      body: 'x',
      statusCode: 415,
    },
    {
      what: 'a broken fragment',
      headers: [
        ['Info-Package', 'trickle-ice'],
        ['Content-Type', 'application/trickle-ice-sdpfrag'],
      ] as Field[],
      body: 'a=candidate:x',
      statusCode: 400,
    },
  ])('[RFC 6086 4.2.2] answers an INFO with $what with $statusCode', async ({ headers, body, statusCode }) => {
    const { inDialog, call } = await talkToAlice();
    expect((await ask(inDialog('INFO', 2, headers, body))).at(-1)?.statusCode).toBe(statusCode);
    expect(call.getSnapshot().end).toBeUndefined();
  });

  it('[RFC 3261 13.3.1.3] refuses an offer without sound with 488, and goes on', async () => {
    const { inDialog, call } = await talkToAlice();
    world.gateway.layer.sendAck(inDialog('ACK', 1), flow);
    await world.clock.advance(10);
    const video = sdp.replace('m=audio', 'm=video');
    expect((await ask(inDialog('INVITE', 2, [contentType], video))).at(-1)?.statusCode).toBe(488);
    expect((await ask(inDialog('INVITE', 3, [contentType], 'nonsense'))).at(-1)?.statusCode).toBe(488);
    expect(call.getSnapshot().end).toBeUndefined();
  });

  it('[RFC 3261 14.2] answers a re-INVITE without an offer with one, and takes the answer from the ACK', async () => {
    const { inDialog, call } = await talkToAlice();
    world.gateway.layer.sendAck(inDialog('ACK', 1), flow);
    await world.clock.advance(10);
    const [response] = await ask(inDialog('INVITE', 2), 300);
    expect(response?.statusCode).toBe(200);
    expect(response?.body.length).toBeGreaterThan(0);
    world.gateway.layer.sendAck(inDialog('ACK', 2, [contentType], sdp), flow);
    await world.clock.advance(40_000 - 1_000);
    expect(world.gateway.requests('BYE')).toEqual([]);
    expect(call.getSnapshot().end).toBeUndefined();
  });

  it('stops ringing after three minutes', async () => {
    const alice = await openAlice();
    const responses: SipResponse[] = [];
    world.gateway.send(request('INVITE', [contentType], sdp), flow, (event) => {
      if (event.type === 'response') responses.push(event.response);
    });
    await world.clock.advance(180_000);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([180, 480]);
    expect(lastCall(alice.wic).getSnapshot().end?.cause).toBe('no answer');
  });
});

function unknownDialog(method: string): SipRequest {
  const sent = request(method);
  return { ...sent, headers: sent.headers.set('To', `<${impuOf('alice')}>;tag=unknown`) };
}

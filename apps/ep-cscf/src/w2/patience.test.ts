import { createResponse } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

describe('a connection that has not registered', () => {
  const send = {
    'requests that are refused': (wic: WicClient) => wic.send(wic.create('MESSAGE')),
    'ACKs': (wic: WicClient) => wic.send(wic.create('ACK')),
    'CANCELs of nothing': (wic: WicClient) => wic.send(wic.create('CANCEL')),
    'REGISTERs that the core refuses': (wic: WicClient) =>
      wic.send(
        wic.create('REGISTER', { headers: [['To', '<sip:nobody@ims.example>']], requestUri: 'sip:other.example' }),
      ),
    'responses to nothing': (wic: WicClient) => wic.send(createResponse(wic.create('OPTIONS'), 200, { toTag: 'x' })),
    'malformed messages': (wic: WicClient) => wic.socket.send('INVITE sip:x SIP/2.0\r\nVia\r\n\r\n'),
  } as const;

  it.each(Object.entries(send))('[limits] is closed with 1008 after ten %s', async (_what, sendOne) => {
    const mallory = await edge.connect('mallory');
    for (let count = 0; count < 9; count += 1) sendOne(mallory);
    // The ninth was not the end: a REGISTER still is heard.
    expect((await mallory.register(await edge.waf.issue('mallory'))).statusCode).toBe(200);
    await mallory.close();
    const again = await edge.connect('mallory');
    for (let count = 0; count < 10; count += 1) sendOne(again);
    expect(await again.closed).toBe(1_008);
  });

  it('[limits] is closed after ten REGISTERs that the core answers 401', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' && request.headers.first('To')?.includes('mallory') === true
        ? createResponse(request, 401, { toTag: 'x' })
        : edge.core.answerWell(request);
    const mallory = await edge.connect('mallory');
    for (let count = 0; count < 9; count += 1) expect((await mallory.request('REGISTER')).statusCode).toBe(401);
    mallory.send(mallory.create('REGISTER'));
    expect(await mallory.closed).toBe(1_008);
    edge.core.answer = (request) => edge.core.answerWell(request);
  });

  it('[limits] is not blamed for a core that does not answer well', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? createResponse(request, 503, { toTag: 'x' }) : edge.core.answerWell(request);
    const bob = await edge.connect('bob');
    for (let count = 0; count < 12; count += 1) {
      expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(503);
    }
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    await bob.close();
  });
});

describe('a registered connection', () => {
  it('[limits] may be refused often', async () => {
    const bob = await edge.register('bob');
    for (let count = 0; count < 15; count += 1) {
      expect((await bob.request('MESSAGE', { headers: [['From', '<sip:carol@ims.example>;tag=1']] })).statusCode).toBe(
        403,
      );
    }
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[limits] is closed with 1008 by more than fifty malformed messages in a minute', async () => {
    const bob = await edge.register('bob');
    for (let count = 0; count < 50; count += 1) bob.socket.send('nonsense');
    expect(await edge.tryService(bob)).toBe(200);
    for (let count = 0; count < 5; count += 1) bob.socket.send('nonsense');
    expect(await bob.closed).toBe(1_008);
  });
});

it('[limits] malformed messages use up what requests may', async () => {
  const own = await Edge.start({ EP_CSCF_REQUEST_BURST: '20', EP_CSCF_REQUESTS_PER_SECOND: '1' });
  const bob = await own.register('bob');
  for (let count = 0; count < 25; count += 1) bob.socket.send('nonsense');
  expect(await own.tryService(bob)).toBe(503);
  await own.stop();
});

it('[X.3.2.3-7] [O.4.2] a connection on which nobody registers in time is closed with 1008, another is not', async () => {
  const own = await Edge.start({ EP_CSCF_REGISTRATION_DEADLINE_MS: '600' });
  const bob = await own.register('bob');
  const silent = await own.connect('silent');
  const trying = await own.connect('trying');
  expect(await own.tryService(trying)).toBe(403);
  expect(await silent.closed).toBe(1_008);
  expect(await trying.closed).toBe(1_008);
  expect(await own.tryService(bob)).toBe(200);
  await own.stop();
});

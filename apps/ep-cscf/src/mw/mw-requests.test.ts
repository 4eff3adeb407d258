import { connect } from 'node:tls';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';

it('[33.210] without a certificate of the authority nobody gets in', async () => {
  const edge = await Edge.start();
  const { ca } = await edge.identity('s-cscf.ims.example');
  const socket = connect({ host: '127.0.0.1', port: edge.mwPort, ca, servername: 'ep-cscf.ims.example' });
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
  socket.write('OPTIONS sip:x SIP/2.0\r\n\r\n');
  await ended;
  const alice = await edge.register('alice');
  expect(await edge.tryService(alice)).toBe(200);
  await edge.stop();
});

it('[RFC 3261 16.3] 2,000 mutated messages of a trusted peer leave the process alive and others served', async () => {
  const edge = await Edge.start();
  const alice = await edge.register('alice');
  const path = edge.core.requests[0]?.headers.first('Path') ?? '';
  const text = [
    'MESSAGE sip:alice@alice.invalid SIP/2.0',
    'Via: SIP/2.0/TLS 127.0.0.1:1;branch=z9hG4bKseed',
    `Route: ${path}`,
    'From: <sip:bob@ims.example>;tag=1',
    'To: <sip:alice@ims.example>',
    'Call-ID: seed',
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
  const tls = await edge.identity('s-cscf.ims.example');
  const send = (messages: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: edge.mwPort, ...tls, servername: 'ep-cscf.ims.example' });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.resume();
      socket.end(messages.join(''));
    });
  const mutant = fc.tuple(fc.nat(text.length), fc.nat(30), fc.string({ maxLength: 8, unit: 'binary' }));
  const mutants = fc
    .sample(mutant, { numRuns: 2_000, seed: 2 })
    .map(([at, length, noise]) => text.slice(0, at) + noise + text.slice(at + length));
  for (let at = 0; at < mutants.length; at += 100) await send(mutants.slice(at, at + 100));
  expect(await edge.tryService(alice)).toBe(200);
  await edge.stop();
}, 30_000);

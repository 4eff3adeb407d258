import { X509Certificate } from 'node:crypto';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { listen } from '@wicgate/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';

let edge: Edge;
let further: number;

beforeAll(async () => {
  further = await freePort();
  edge = await Edge.start({ EP_CSCF_FURTHER_PORTS: String(further) });
});
afterAll(() => edge.stop());

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0, setting: 'PORT' });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

// RFC 5246 7.4; 13 would be a request for a certificate.
const serverHello = 2;
const certificate = 11;
const serverKeyExchange = 12;
const serverHelloDone = 14;

/** The types of the handshake messages before the first that is encrypted (RFC 5246 6.2.1, 7.4). */
function handshakeTypes(octets: Buffer): readonly number[] {
  const messages: Buffer[] = [];
  for (let at = 0; octets[at] === 22; at += 5 + octets.readUInt16BE(at + 3)) {
    messages.push(octets.subarray(at + 5, at + 5 + octets.readUInt16BE(at + 3)));
  }
  const flight = Buffer.concat(messages);
  const types: number[] = [];
  for (let at = 0; at < flight.length && types.at(-1) !== serverHelloDone; at += 4 + flight.readUIntBE(at + 1, 3)) {
    types.push(flight[at] ?? 0);
  }
  return types;
}

const noCommonCipher = /ALERT_HANDSHAKE_FAILURE$/u;

/** A TLS session that takes any certificate: it is looked at by the test. */
function open(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: edge.port, rejectUnauthorized: false, ...options });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

describe('TLS on W2', () => {
  it('[O.2.1] [eP-CSCF 18] asks for no client certificate', async () => {
    // In TLS 1.2 the server's first flight can be read by everybody on the way.
    const heard: Buffer[] = [];
    const tap = createServer((near) => {
      const far = connectTcp(edge.port, '127.0.0.1');
      far.on('data', (octets: Buffer) => heard.push(octets));
      near.pipe(far).pipe(near);
    });
    await listen(tap, { host: '127.0.0.1', port: 0, setting: 'PORT' });
    const socket = await open({ port: (tap.address() as AddressInfo).port, maxVersion: 'TLSv1.2' });
    expect(handshakeTypes(Buffer.concat(heard))).toEqual([
      serverHello,
      certificate,
      serverKeyExchange,
      serverHelloDone,
    ]);
    socket.destroy();
    tap.close();
  });

  it('[O.5.1] [REQ 1.0] shows a certificate with its name in subjectAltName', async () => {
    const socket = await open({});
    const certificate = new X509Certificate(socket.getPeerCertificate().raw);
    expect(certificate.subjectAltName).toContain('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    socket.destroy();
  });

  it('[O.2.1] speaks TLS 1.2 at least', async () => {
    await expect(open({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
    const socket = await open({});
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  // As open as a client can be: it is the server that refuses (RFC 5246 7.2.2: 40 handshake_failure, 70 protocol_version).
  it.each([
    ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }, /ALERT_PROTOCOL_VERSION$/u],
    [
      'TLS 1.1',
      { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      /ALERT_PROTOCOL_VERSION$/u,
    ],
    ['a cipher suite without encryption', { maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' }, noCommonCipher],
    ['a cipher suite without a certificate', { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' }, noCommonCipher],
  ] as const)('[O.2.1] [eP-CSCF 18] refuses %s', async (_what, options, code) => {
    await expect(open(options)).rejects.toMatchObject({ code: expect.stringMatching(code) });
  });

  it('[O.2.1] [W.3.4] [eP-CSCF 18] serves every port that the operator publishes', async () => {
    const bob = await edge.connect('bob', { port: further });
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    const alice = await edge.register('alice');
    expect(await edge.tryService(bob)).toBe(200);
    expect(await edge.tryService(alice)).toBe(200);
    await bob.close();
    await alice.close();
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { createLogger, listen, type RunningFunction } from '@wicgate/node-kit';
import { type CallEnd, Calls, encodeUtf8 } from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startECscf } from './e-cscf.ts';

const host = '127.0.0.1';
const folder = mkdtempSync(join(tmpdir(), 'wicgate-e-cscf-'));
const offer = encodeUtf8(
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n',
);

let authority: CertificateAuthority;
let eCscf: RunningFunction;
let port: number;

async function identity(name: string): Promise<TlsIdentity> {
  const { certFile, keyFile } = await authority.certificate(name, [`${name}.ims.example`]);
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(authority.certFile) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { host, port: 0, setting: 'PORT' });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  authority = await CertificateAuthority.open(folder);
  port = await freePort();
  const trustedNames = ['ep-cscf.ims.example'];
  const log = createLogger('e-cscf', 'error');
  eCscf = await startECscf({ host, port, tls: await identity('e-cscf'), trustedNames, log });
});

afterAll(async () => {
  await eCscf.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** How a call of `name` to `requestUri` goes: the answer, or the status code that refuses it. */
async function call(name: string, requestUri: string): Promise<string | number> {
  const endpoint: Endpoint = new Endpoint({
    sentBy: () => `${host}:1`,
    user: { onRequest: (transaction) => calls.onRequest(transaction), onAck: () => {}, onStrayResponse: () => {} },
  });
  const calls = new Calls<NodeFlow>({
    clock: endpoint.clock,
    random: Math.random,
    contact: `<sip:edge@${host}:1>`,
    onCall: (incoming) => incoming.reject(486),
  });
  calls.attach(endpoint.layer);
  try {
    const serverName = 'e-cscf.ims.example';
    const flow = await endpoint.connectTls({ host, port, serverName, tls: await identity(name) });
    return await new Promise((resolve, reject) => {
      let answer = '';
      const media = {
        createOffer: () => offer,
        createAnswer: () => offer,
        acceptAnswer: (octets: Uint8Array) => {
          answer = new TextDecoder().decode(octets);
        },
      };
      const user = {
        media,
        onAnswered: () => placed.then((each) => each.hangUp()),
        onEnded: (end: CallEnd) => resolve(end.by === 'refusal' ? end.response.statusCode : answer),
      };
      const placed = calls.call({ requestUri, from: `<sip:alice@ims.example>` }, user, flow);
      placed.catch(reject);
    });
  } finally {
    await endpoint.stop();
  }
}

it('[TS 23.167 6.2.2] answers an emergency call of a trusted peer, without media', async () => {
  expect(await call('ep-cscf', 'urn:service:sos')).toMatch(/\r\nm=audio 0 RTP\/AVP 0\r\n/u);
  expect(await call('ep-cscf', 'urn:service:sos.fire')).toMatch(/\r\nm=audio 0 /u);
});

it('[TS 23.167 6.2.2] takes no other calls, and none of those it does not trust', async () => {
  expect(await call('ep-cscf', 'sip:alice@ims.example')).toBe(403);
  expect(await call('ep-cscf', 'urn:service:counseling')).toBe(403);
  expect(await call('stranger', 'urn:service:sos')).toBe(403);
});

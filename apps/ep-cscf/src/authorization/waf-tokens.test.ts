import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WafServer } from '../testing/waf-server.ts';
import { createWafTokens, readUnverifiedIssuer } from './waf-tokens.ts';

let folder: string;
let ca: Buffer;
let tls: { cert: Buffer; key: Buffer };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waf-keys-'));
  const authority = await CertificateAuthority.open(folder);
  const { certFile, keyFile } = await authority.certificate('waf', ['127.0.0.1']);
  ca = readFileSync(authority.certFile);
  tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
});
afterAll(() => rmSync(folder, { recursive: true }));

const audience = 'https://ep-cscf.ims.example';

describe('keys of the WAF', () => {
  it('[X.3.2.3-4] are fetched once, and again when the WAF signs with a new one', async () => {
    const waf = await WafServer.start(tls);
    const tokens = createWafTokens({ issuer: waf.issuer, audience, ca, cooldownMs: 0 });
    const validate = async (): Promise<unknown> => tokens.verify(await waf.issue('alice'));
    await Promise.all([validate(), validate(), validate()]);
    await expect(validate()).resolves.toMatchObject({
      impi: 'alice@ims.example',
      impu: ['sip:alice@ims.example'],
      client_id: 'wwsf.ims.example',
    });
    expect(waf.keyFetches).toBe(1);
    const old = await waf.issue('alice');
    await waf.rotate();
    await expect(validate()).resolves.toMatchObject({ impi: 'alice@ims.example' });
    expect(waf.keyFetches).toBe(2);
    await expect(tokens.verify(old)).rejects.toMatchObject({ fault: 'unknown key' });
    tokens.close();
    await waf.stop();
  });

  it('[X.3.2.3-4] are not asked for at the will of whoever makes up key names', async () => {
    const waf = await WafServer.start(tls);
    const tokens = createWafTokens({ issuer: waf.issuer, audience, ca });
    const made = await waf.issue('alice', { header: { kid: 'made up' } });
    for (let count = 0; count < 5; count += 1) {
      await expect(tokens.verify(made)).rejects.toMatchObject({
        fault: 'unknown key',
      });
    }
    expect(waf.keyFetches).toBe(1);
    tokens.close();
    await waf.stop();
  });

  it('[REQ 2.2] are waited for by so many and no more where the WAF hangs', async () => {
    const waf = await WafServer.start(tls);
    waf.hangs = true;
    const tokens = createWafTokens({ issuer: waf.issuer, audience, ca, maxWaiting: 2 });
    const token = await waf.issue('alice');
    const waiting = Promise.allSettled([tokens.verify(token), tokens.verify(token)]);
    const refused: unknown = await tokens.verify(token).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ERR_EP_CSCF_WAF_UNREACHABLE', issuer: waf.issuer });
    // Nothing was tried: it would be told here.
    expect(refused).not.toHaveProperty('cause');
    tokens.close();
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await waf.stop();
  });

  it('[RFC 7519 4.1.1] are chosen by the issuer that a token names, which proves nothing', async () => {
    const waf = await WafServer.start(tls);
    expect(readUnverifiedIssuer(await waf.issue('alice', { forged: true }))).toBe(waf.issuer);
    expect(readUnverifiedIssuer(await waf.issue('alice', { claims: { iss: undefined } }))).toBeUndefined();
    for (const token of ['', 'a', 'a.b.c', `${'a'.repeat(9_000)}.b.c`]) {
      expect(() => readUnverifiedIssuer(token)).toThrow(expect.objectContaining({ fault: 'not a JWT' }));
    }
    await waf.stop();
  });

  it('[X.3.2.3-4] are refused from a server that the authority does not vouch for', async () => {
    const waf = await WafServer.start(tls);
    const tokens = createWafTokens({ issuer: waf.issuer, audience, ca: undefined });
    const validated = tokens.verify(await waf.issue('alice'));
    await expect(validated).rejects.toMatchObject({ code: 'ERR_EP_CSCF_WAF_UNREACHABLE', statusCode: 503 });
    tokens.close();
    await waf.stop();
  });

  it.each([
    ['another issuer', () => ({ issuer: 'https://other.example', jwks_uri: 'https://127.0.0.1/jwks' })],
    ['keys elsewhere', (issuer: string) => ({ issuer, jwks_uri: 'https://192.0.2.1/jwks' })],
    ['keys without TLS', (issuer: string) => ({ issuer, jwks_uri: 'http://127.0.0.1/jwks' })],
    ['no keys', (issuer: string) => ({ issuer })],
    ['too much', (issuer: string) => ({ issuer, padding: 'x'.repeat(300_000) })],
  ])('[X.3.2.3-4] are not taken where the metadata names %s', async (_fault, metadata) => {
    const server = await serve((issuer) => JSON.stringify(metadata(issuer)));
    const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const waf = await WafServer.start(tls);
    const token = await waf.issue('alice');
    await waf.stop();
    const tokens = createWafTokens({ issuer, audience, ca });
    await expect(tokens.verify(token)).rejects.toMatchObject({
      code: 'ERR_EP_CSCF_WAF_UNREACHABLE',
    });
    tokens.close();
    server.closeAllConnections();
    server.close();
  });

  async function serve(body: (issuer: string) => string): Promise<Server> {
    const server = createServer(tls, (_request, response) => {
      response.end(body(`https://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }
});

/**
 * The WAF itself, for what a stand-in cannot prove, and an eP-CSCF as far as the WAF's revocations tell.
 *
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { type RunningWaf, readConfig, start } from '@wicgate/waf';
import { clientId, clientSecret } from './test-waf.ts';
import { findFreePort, type Site } from './test-wwsf.ts';

export interface RealWaf extends RunningWaf {
  /** What the WAF told the eP-CSCF that counts no more: each `jti` and `sid`. */
  readonly revocations: readonly string[];
}

/** With alice, who has allowed nobody anything yet. */
export async function startRealWaf(site: Site, settings: Readonly<Record<string, string>>): Promise<RealWaf> {
  const port = await findFreePort();
  const epCscf = await listenForRevocations();
  const { certFile, keyFile } = site.certificate;
  const config = readConfig({
    WAF_PORT: String(port),
    WAF_ISSUER: `https://localhost:${port}`,
    WAF_TLS_CERT_FILE: certFile,
    WAF_TLS_KEY_FILE: keyFile,
    WAF_STATE_DIR: join(site.folder, 'waf'),
    WAF_WWSF_CLIENT_ID: clientId,
    ...(settings.WAF_WWSF_AUTH_METHOD === undefined && { WAF_WWSF_CLIENT_SECRET: clientSecret }),
    WAF_WWSF_ORIGIN: site.origin,
    WAF_REVOCATION_ENDPOINTS: epCscf.url,
    ...settings,
  });
  const waf = await start(config, createProcessContext('waf', { operations: new Operations(), level: 'silent' }));
  const impus = ['sip:alice@ims.example'];
  const alice = { username: 'alice', displayName: 'Alice', password: 'alice-demo', impi: 'alice@ims.example', impus };
  await waf.accounts.create(alice);
  const stop = async (): Promise<void> => {
    await waf.stop();
    await epCscf.stop();
  };
  return { ...waf, revocations: epCscf.revocations, stop };
}

interface RevocationListener {
  readonly url: string;
  readonly revocations: string[];
  readonly stop: () => Promise<void>;
}

async function listenForRevocations(): Promise<RevocationListener> {
  const revocations: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { jti, sid } = JSON.parse(body) as { readonly jti?: string; readonly sid?: string };
      revocations.push(jti ?? sid ?? '');
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/revocations`, revocations, stop };
}

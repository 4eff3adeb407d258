/**
 * The soft ISIM as it is built and served, and two pages of other origins: one that may frame it, and one that may not.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CertificateAuthority } from '@wicgate/certificates';
import { readConfig, start } from '@wicgate/isim';
import { createProcessContext, Operations } from '@wicgate/node-kit';

export interface IsimSite {
  readonly isimOrigin: string;
  /** May use the ISIM. */
  readonly wicOrigin: string;
  /** May not. */
  readonly otherOrigin: string;
  readonly stop: () => Promise<void>;
}

/** Plays the WIC: keeps every message, in the order in which it came, on the port and on the window. */
const wicProgram = `
  const heard = [];
  const frame = document.querySelector('iframe');
  const channel = new MessageChannel();
  const keep = (from, event) => heard.push({ from, data: structuredClone(event.data), origin: event.origin, ports: event.ports.length });
  window.addEventListener('message', (event) => keep('window', event));
  window.addEventListener('messageerror', (event) => keep('window error', event));
  channel.port1.onmessage = (event) => keep('port', event);
  window.wic = {
    heard,
    hello: (message = { type: 'wicgate-isim hello', version: 1 }) =>
      frame.contentWindow.postMessage(message, '*', [channel.port2]),
    ask: (message) => channel.port1.postMessage(message),
  };
`;

export async function startIsimSite(): Promise<IsimSite> {
  const folder = mkdtempSync(join(tmpdir(), 'wicgate-isim-'));
  const authority = await CertificateAuthority.open(join(folder, 'certificates'));
  const { certFile, keyFile } = await authority.certificate('localhost', ['localhost', '127.0.0.1']);
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const port = await findFreePort();
  const isimOrigin = `https://localhost:${port}`;
  const [wic, other] = [createParent(tls, isimOrigin), createParent(tls, isimOrigin)];
  const [wicOrigin, otherOrigin] = [await originOf(wic), await originOf(other)];
  const config = readConfig({
    ISIM_PORT: String(port),
    ISIM_TLS_CERT_FILE: certFile,
    ISIM_TLS_KEY_FILE: keyFile,
    ISIM_PAGE_DIR: await buildPage(folder),
    ISIM_FRAME_ANCESTORS: wicOrigin,
  });
  const context = createProcessContext('isim', { operations: new Operations(), level: 'warn', write: () => undefined });
  const isim = await start(config, context);
  const stop = async (): Promise<void> => {
    await isim.stop();
    for (const server of [wic, other]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { isimOrigin, wicOrigin, otherOrigin, stop };
}

function createParent(tls: { cert: Buffer; key: Buffer }, isimOrigin: string): Server {
  const frame = `<iframe title="SIM" width="360" height="420" src="${isimOrigin}/"></iframe>`;
  const html = `<!doctype html><html lang="en"><title>WIC</title><main>${frame}<script src="/wic.js"></script>`;
  return createServer(tls, ({ url }, response) => {
    const isProgram = url === '/wic.js';
    response.writeHead(200, { 'content-type': isProgram ? 'text/javascript' : 'text/html' });
    response.end(isProgram ? wicProgram : html);
  });
}

async function originOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function buildPage(folder: string): Promise<string> {
  const app = fileURLToPath(new URL('../../apps/isim', import.meta.url));
  const output = join(folder, 'page');
  const vite = join(app, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--logLevel', 'error', '--outDir', output, '--emptyOutDir'];
  await promisify(execFile)(process.execPath, args, { cwd: app, timeout: 60_000 });
  return output;
}

/**
 * Puts a secret into every place that is searched, by the means of those who might lose one there: where it is not found
 * afterwards, nobody has looked.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import { exchangeTcp, requestText } from '../faults/sip-peer.ts';
import { askHttp } from './ask-http.ts';
import type { Canary } from './canaries.ts';
import type { CanaryLab } from './canary-lab.ts';

/** A value of its own for each place. */
export async function plantEverywhere(canaryLab: CanaryLab): Promise<readonly Canary[]> {
  const canaries: Canary[] = [];
  const create = (): string => {
    const value = randomBytes(16).toString('hex');
    canaries.push({ kind: 'K', value });
    return value;
  };
  await plantInFunctions(canaryLab, create);
  const page = await canaryLab.openBrowser();
  await page.route('**/planted', (route) => route.fulfill({ headers: { 'x-planted': create() }, body: create() }));
  await page.goto(canaryLab.lab.wwsfUrl);
  await plantInBrowser(page, canaryLab.lab.epCscfUrl, create);
  await canaryLab.lookAt(page);
  return canaries;
}

async function plantInFunctions({ lab, stateFolder, evidence }: CanaryLab, create: () => string): Promise<void> {
  const { operations, iCscf } = lab.ports;
  // The S-CSCF logs whom the operator bars.
  await askHttp(operations, `/barred-authorities/${create()}.example`, { method: 'PUT' });
  await askHttp(operations, '/healthz', { headers: { 'x-planted': create() } });
  const request = requestText({ method: 'OPTIONS', user: create(), transport: 'TCP' });
  evidence.add('error answer', 'I-CSCF', await exchangeTcp(iCscf, request));
  writeFileSync(join(stateFolder, 'planted.txt'), create());
  const database = new DatabaseSync(join(stateFolder, 'planted.sqlite'));
  database.exec('create table planted (value text) strict');
  // Longer than a page: the file holds it in two pieces.
  database.prepare('insert into planted values (?)').run(`${'x'.repeat(4_060)}${create()}`);
  database.close();
  process.stderr.write(`planted: ${create()}\n`);
  // No function counts anything by a name that somebody chooses.
  evidence.add('metrics', 'planted', create());
}

async function plantInBrowser(page: Page, w2: string, create: () => string): Promise<void> {
  const options = requestText({ method: 'OPTIONS', user: create() });
  const values = Array.from({ length: 10 }, create);
  await page.evaluate(
    async ({ url, message, secrets }) => {
      const [text, local, session, octets, cached, cookie, header, body, referrer, printed] = secrets.map(String);
      document.body.append(`${text}`);
      localStorage.setItem('planted', `${local}`);
      sessionStorage.setItem('planted', `${session}`);
      const opening = indexedDB.open('planted');
      opening.onupgradeneeded = () => opening.result.createObjectStore('planted');
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const transaction = opening.result.transaction('planted', 'readwrite');
      transaction.objectStore('planted').put({ deep: [new TextEncoder().encode(octets)] }, 'planted');
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      opening.result.close();
      await (await caches.open('planted')).put('/cached', new Response(cached));
      await cookieStore.set('planted', `${cookie}`);
      await fetch('/planted', {
        method: 'POST',
        headers: { 'x-planted': `${header}` },
        body: `${body}`,
        referrer: `/${referrer}`,
        referrerPolicy: 'unsafe-url',
      });
      console.log(printed);
      const socket = new WebSocket(url, 'sip');
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      socket.send(message);
      await new Promise((resolve) => socket.addEventListener('message', resolve));
      socket.close();
    },
    { url: w2, message: options, secrets: values },
  );
  await page.goto(`${page.url()}#${create()}`);
}

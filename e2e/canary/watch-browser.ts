/**
 * All that a browser sends, gets and shows: requests, answers, frames of W2, console, addresses; and at each step the
 * text of its pages and what they have stored.
 *
 * What a screenshot would show is read as text: the document of each frame, and its accessibility tree, in which what
 * stands in fields is too. No picture is read.
 *
 * @module
 */
import type { BrowserContext, Frame, Page, Request, Response } from '@playwright/test';
import type { LabPorts } from '@wicgate/lab';
import type { Evidence } from './evidence.ts';
import { readStorage } from './read-storage.ts';

export interface BrowserWatch {
  /** Takes down what all pages show and store now. */
  readonly look: () => Promise<void>;
  /** Resolves when everything that came so far is taken down. */
  readonly settled: () => Promise<void>;
}

export function watchBrowser(context: BrowserContext, ports: LabPorts, evidence: Evidence): BrowserWatch {
  const underWay = new Set<Promise<void>>();
  const follow = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const watchPage = (page: Page): void => {
    page.on('console', (message) => evidence.add('console', 'console', message.text()));
    page.on('pageerror', (error) => evidence.add('console', 'error', String(error.stack ?? error.message)));
    page.on('framenavigated', (frame) => evidence.add('address', `page ${nameOf(frame.url(), ports)}`, frame.url()));
    page.on('websocket', (socket) => {
      evidence.add('address', 'W2', socket.url());
      socket.on('framesent', ({ payload }) => evidence.add('W2 from page', methodOf(payload), payload));
      socket.on('framereceived', ({ payload }) => evidence.add('W2 to page', methodOf(payload), payload));
    });
  };
  context.on('page', watchPage);
  context.on('request', (request) => follow(takeRequest(request, ports, evidence)));
  context.on('response', (response) => follow(takeResponse(response, ports, evidence)));
  return {
    look: async () => {
      for (const page of context.pages()) for (const frame of page.frames()) await lookAt(frame, ports, evidence);
      for (const cookie of await context.cookies()) {
        evidence.add('cookie', `${cookie.domain} ${cookie.name}`, `${cookie.name}=${cookie.value}`);
      }
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };
}

async function takeRequest(request: Request, ports: LabPorts, evidence: Evidence): Promise<void> {
  const at = `${nameOf(request.url(), ports)} ${request.method()} ${pathOf(request.url())}`;
  evidence.add('address', at, request.url());
  evidence.add('request body', at, request.postDataBuffer() ?? '');
  const headers = await request.allHeaders().catch(() => request.headers());
  const { referer = '', ...others } = headers;
  evidence.add('referrer', at, referer);
  evidence.add('request header', at, linesOf(Object.entries(others)));
}

async function takeResponse(response: Response, ports: LabPorts, evidence: Evidence): Promise<void> {
  const { method, url } = { method: response.request().method(), url: response.url() };
  const at = `${nameOf(url, ports)} ${method} ${pathOf(url)}`;
  const headers = await response.headersArray().catch(() => []);
  for (const { name, value } of headers) {
    // Where a redirect leads to is an address.
    evidence.add(name.toLowerCase() === 'location' ? 'address' : 'answer header', at, `${name}: ${value}`);
  }
  // A redirect has none.
  const body = await response.body().catch(() => Buffer.alloc(0));
  evidence.add('answer body', at, body);
}

async function lookAt(frame: Frame, ports: LabPorts, evidence: Evidence): Promise<void> {
  // A page that has opened nothing yet.
  if (!frame.url().startsWith('https:')) return;
  const at = nameOf(frame.url(), ports);
  evidence.add('address', `page ${at}`, frame.url());
  evidence.add('page text', at, await frame.content());
  evidence.add('page text', at, await frame.locator('body').ariaSnapshot());
  evidence.add('storage', at, await frame.evaluate(readStorage));
}

/** The function that has the port. */
function nameOf(url: string, ports: LabPorts): string {
  const port = URL.canParse(url) ? Number(new URL(url).port) : 0;
  return Object.entries(ports).find(([, each]) => each === port)?.[0] ?? 'elsewhere';
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

function methodOf(payload: string | Buffer): string {
  const text = payload.toString('utf8');
  const cseq = /^CSeq: *\d+ +([A-Z]+)/imu.exec(text)?.[1] ?? 'none';
  return `${text.startsWith('SIP/2.0') ? `${text.slice(8, 11)} ` : ''}${cseq}`;
}

function linesOf(headers: readonly (readonly [name: string, value: string])[]): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\n');
}

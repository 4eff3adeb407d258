/**
 * Keeps web pages away from the provisioning API, which asks nobody who they are.
 *
 * A page in the operator's browser can reach loopback, by cross-site requests or by a name that it makes point there.
 * Browsers mark the first with Origin or Sec-Fetch-Site, and show the second in Host.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http';
import { BrowserRefused, HostMisdirected } from '../errors.ts';

const loopback = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?$/i;

/** @throws {HostMisdirected | BrowserRefused} */
export function refuseBrowsers(headers: IncomingHttpHeaders): void {
  if (!loopback.test(headers.host ?? '')) throw new HostMisdirected();
  if (headers.origin !== undefined) throw new BrowserRefused('Origin');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none') throw new BrowserRefused('Sec-Fetch-Site');
}

/**
 * What a request must say of itself before it is served: the right Host, and fetch metadata of the page.
 *
 * Cookies know no ports, so that a page of another port of this host counts as the same site: SameSite alone protects
 * nothing here. Fetch metadata does, as `same-origin` includes the port.
 *
 * @module
 */
import { CrossSiteRefused, CsrfTokenWrong, HostUnknown } from '../errors.ts';
import { isSameOpaque } from '../sessions/opaque.ts';
import type { Request } from './app.ts';

/** @throws {HostUnknown} */
export function checkHost({ headers }: Request, host: string): void {
  if ((headers.host ?? headers[':authority']) !== host) throw new HostUnknown();
}

/**
 * For reading: a browser too old for fetch metadata is let through, as its cookie is bound to this site and no answer
 * carries a CORS header.
 *
 * @throws {CrossSiteRefused}
 */
export function checkNotCrossSite({ headers }: Request): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new CrossSiteRefused('Sec-Fetch-Site');
}

/**
 * For changing.
 *
 * @throws {CrossSiteRefused | CsrfTokenWrong}
 */
export function checkFromPage(request: Request, origin: string, csrfToken: string): void {
  checkSameOrigin(request, origin);
  const given = request.headers['x-csrf-token'];
  if (typeof given !== 'string' || !isSameOpaque(given, csrfToken)) throw new CsrfTokenWrong();
}

/**
 * For changing where there is no session yet, and so no CSRF token: a header that no form and no page of another origin
 * can send stands for it.
 *
 * @throws {CrossSiteRefused}
 */
export function checkFromScript(request: Request, origin: string): void {
  checkSameOrigin(request, origin);
  if (request.headers['x-requested-by'] !== 'wic') throw new CrossSiteRefused('X-Requested-By');
}

function checkSameOrigin({ headers }: Request, origin: string): void {
  if (headers['sec-fetch-site'] !== 'same-origin') throw new CrossSiteRefused('Sec-Fetch-Site');
  if (headers.origin !== undefined && headers.origin !== origin) throw new CrossSiteRefused('Origin');
}

/**
 * For the pages between which the WAF sends the browser: a person's navigation, no image, frame or script.
 *
 * @throws {CrossSiteRefused}
 */
export function checkNavigation({ headers }: Request): void {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  if (mode !== undefined && mode !== 'navigate') throw new CrossSiteRefused('Sec-Fetch-Mode');
  if (destination !== undefined && destination !== 'document') throw new CrossSiteRefused('Sec-Fetch-Dest');
}

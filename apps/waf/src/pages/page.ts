/**
 * The frame around every page of the WAF, and the headers it travels with.
 *
 * Nothing in a page is inline: the policy allows our own style sheet, logo and, where a page says so, our own script.
 *
 * @module
 */

import { type Html, html } from '@wicgate/node-kit';
import type { Assets } from '../web/assets.ts';

/** What differs from page to page. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  /** Origins besides our own that a form's answer may redirect to: Chromium holds `form-action` against redirects. */
  readonly formOrigins?: readonly string[];
  /** Sends the page's form as soon as it is shown. */
  readonly submitsItself?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RenderedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What all pages of one WAF share. */
export interface Site {
  readonly assets: Assets;
  /** Name and address of the operator's WWSF: the way back from every dead end. */
  readonly homeName: string;
  readonly homeUrl: string;
  /** Host and port that the person sees in the address bar. */
  readonly host: string;
}

export type RenderPage = (page: Page) => RenderedPage;

export function createRenderPage(site: Site): RenderPage {
  return (page) => ({
    status: page.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy(page),
      ...page.headers,
    },
    body: frame(site, page).toString(),
  });
}

function policy({ submitsItself = false, formOrigins = [] }: Page): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ...(submitsItself ? ["script-src 'self'"] : []),
    ["form-action 'self'", ...formOrigins].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function frame({ assets, homeName, host }: Site, page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${homeName}</title>
<link rel="icon" type="image/svg+xml" href="${assets.url('logo.svg')}">
<link rel="stylesheet" href="${assets.url('waf.css')}">
${page.submitsItself ? html`<script src="${assets.url('submit-now.js')}" defer></script>` : undefined}
</head>
<body>
<div class="frame">
<header class="brand"><img src="${assets.url('logo.svg')}" alt="" width="40" height="40"><span>${homeName}</span></header>
<main class="card">
${page.body}
</main>
<footer class="foot">This page belongs to <strong>${host}</strong></footer>
</div>
</body>
</html>
`;
}

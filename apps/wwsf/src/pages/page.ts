/**
 * The frame around every page that the WWSF shows itself, and the headers it travels with: its policy allows its own
 * style and nothing else, and a form only where there is one.
 *
 * @module
 */
import { Html, html } from '@wicgate/node-kit';
import { style, styleSource } from './style.ts';

/** What differs from page to page. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  readonly hasForm?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RenderedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What all pages of one WWSF share. */
export interface Site {
  readonly name: string;
  /** Host and port that the person sees in the address bar. */
  readonly host: string;
}

export function renderPage(page: Page, site: Site): RenderedPage {
  return {
    status: page.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy(page),
      ...page.headers,
    },
    body: frame(page, site).toString(),
  };
}

function policy({ hasForm = false }: Page): string {
  return [
    "default-src 'none'",
    `style-src ${styleSource}`,
    "img-src 'self'",
    `form-action ${hasForm ? "'self'" : "'none'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const logo = html`<svg viewBox="0 0 64 64" width="40" height="40" aria-hidden="true"><rect width="64" height="64" rx="16" stroke="none"/><path d="M12 21c4 0 5.5 23 10 23s5.5-18 10-18 5.5 18 10 18 6-23 10-23" fill="none" stroke-width="5.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

function frame({ title, body }: Page, { name, host }: Site): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>${Html.fromSafeText(style)}</style>
</head>
<body>
<div class="frame">
<header class="brand">${logo}<span>${name}</span></header>
<main class="card">
${body}
</main>
<footer class="foot">This page belongs to <strong>${host}</strong></footer>
</div>
</body>
</html>
`;
}

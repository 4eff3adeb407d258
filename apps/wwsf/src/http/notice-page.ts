/**
 * A page with one thing to say, where the WIC cannot say it. It allows its own style and nothing else.
 *
 * @module
 */
import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f8fafc; color: #0f172a; }
main { max-width: 26rem; margin: 1rem; padding: 2.5rem; border-radius: 1rem; background: #fff; border: 1px solid #e2e8f0; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3; }
p { margin: 0 0 1.5rem; }
a { display: inline-block; padding: .625rem 1.125rem; border-radius: .5rem; background: #0f766e; color: #fff;
  font-weight: 600; text-decoration: none; }
a:focus-visible { outline: 3px solid #0f766e; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { background: #0b1220; color: #f1f5f9; }
  main { background: #111a2b; border-color: #22304a; }
  a { background: #2dd4bf; color: #0b1220; }
  a:focus-visible { outline-color: #2dd4bf; }
}
`;

export interface Notice {
  readonly title: string;
  readonly text: string;
}

export const notFound: Notice = {
  title: 'This page does not exist',
  text: 'The address may be mistyped. The telephone is on the first page.',
};

export const tooFrequent: Notice = {
  title: 'Too many sign-ins',
  text: 'Too many sign-ins came from your network. Try again in a minute.',
};

export const full: Notice = {
  title: 'Too many people are signing in',
  text: 'There is no room for another sign-in right now. Try again in a minute.',
};

/** Plain text only in `notice`: it is written into the page as it is. */
export function noticePage({ title, text }: Notice): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
<a href="/">Go to the telephone</a>
</main>
</body>
</html>
`;
}

export const noticePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

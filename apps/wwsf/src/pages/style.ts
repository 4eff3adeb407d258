/**
 * The style of the WWSF's own pages, in the page itself: they need nothing but one answer. The WAF's pages look the same.
 *
 * @module
 */
import { createHash } from 'node:crypto';

export const style = `
:root {
  color-scheme: light dark;
  --ground: #f8fafc; --glow: #ccfbf1; --card: #fff; --line: #e2e8f0; --field-line: #7c8aa0;
  --text: #0f172a; --muted: #475569; --accent: #0f766e; --accent-strong: #115e59; --on-accent: #fff;
  --fault: #b91c1c; --fault-ground: #fef2f2; --fault-line: #fecaca;
  --shadow: 0 1px 2px rgb(15 23 42 / 6%), 0 12px 32px -12px rgb(15 23 42 / 18%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0b1220; --glow: #0d2b33; --card: #111a2b; --line: #22304a; --field-line: #64748b;
    --text: #f1f5f9; --muted: #a3b1c6; --accent: #2dd4bf; --accent-strong: #5eead4; --on-accent: #0b1220;
    --fault: #fca5a5; --fault-ground: #2a1420; --fault-line: #7f1d1d;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 16px 40px -16px rgb(0 0 0 / 60%);
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100dvh; color: var(--text);
  background: radial-gradient(60rem 30rem at 50% -8rem, var(--glow), transparent) no-repeat var(--ground);
  font: 16px / 1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
.frame {
  display: grid; grid-template-rows: 1fr auto auto 2fr; gap: 24px;
  width: 100%; max-width: 432px; min-height: 100dvh; margin: 0 auto; padding: 32px 16px 24px;
}
.brand {
  display: flex; align-items: center; align-self: end; justify-content: center; gap: 12px;
  font-size: 22px; font-weight: 650; letter-spacing: -0.01em;
}
.brand svg { display: block; fill: var(--accent); stroke: var(--on-accent); }
.card {
  min-width: 0; padding: 32px; border: 1px solid var(--line); border-radius: 16px;
  background: var(--card); box-shadow: var(--shadow); overflow-wrap: anywhere;
}
.foot { color: var(--muted); font-size: 13px; text-align: center; }
.foot strong { font-weight: 600; }
h1 { margin: 0; font-size: 24px; font-weight: 650; line-height: 1.25; letter-spacing: -0.015em; overflow-wrap: break-word; }
.lead { margin: 6px 0 24px; color: var(--muted); }
.lead strong { color: var(--text); font-weight: 600; }
.note { margin: 20px 0 0; color: var(--muted); font-size: 14px; }
a { color: var(--accent); }
.back { display: flex; justify-content: center; margin: 12px 0 -12px; font-size: 15px; }
.back a { display: flex; align-items: center; min-height: 44px; padding: 0 12px; font-weight: 550; }
.steps { margin: 0 0 24px; padding-left: 22px; }
.steps li + li { margin-top: 8px; }
.steps ::marker { color: var(--accent); font-weight: 600; }
.alert {
  margin: 0 0 20px; padding: 12px 14px; border: 1px solid var(--fault-line); border-radius: 12px;
  background: var(--fault-ground); color: var(--fault); font-size: 15px;
}
.field { margin-bottom: 18px; }
label { display: block; margin-bottom: 6px; font-size: 15px; font-weight: 550; }
input[type="text"], input[type="password"] {
  width: 100%; min-height: 48px; padding: 10px 14px; border: 1px solid var(--field-line); border-radius: 12px;
  background: var(--card); color: inherit; font: inherit;
}
input[aria-invalid="true"] { border-color: var(--fault); }
.primary, .secondary {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 48px; padding: 10px 20px;
  border: 1px solid transparent; border-radius: 12px; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer; transition: background-color 120ms ease-out;
}
.primary { background: var(--accent); color: var(--on-accent); }
.primary:hover, .primary:active { background: var(--accent-strong); }
form > .primary { margin-top: 6px; }
.secondary { border-color: var(--field-line); background: transparent; color: var(--text); }
.secondary:hover, .secondary:active { background: color-mix(in srgb, var(--accent) 10%, transparent); }
.primary + .secondary { margin-top: 12px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input:focus-visible { border-color: var(--accent); outline-offset: 0; }
@media (max-width: 480px) {
  .frame { grid-template-rows: auto auto 1fr; padding-top: 40px; }
  .card { padding: 24px 20px; }
  .foot { align-self: end; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none; } }
@media (forced-colors: active) { .primary, .secondary { border-color: ButtonText; } }
`;

/** What a policy names to allow this style and no other. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/**
 * The login page (textbox `Username`, field labelled `Password`, button `Sign in`: tests find them by these names).
 *
 * @module
 */

import { html, passwordMaxLength } from '@wicgate/node-kit';
import { usernameMaxLength } from '../accounts/accounts.ts';
import type { Page } from './page.ts';

export type LoginFault =
  | { readonly status: 'failed' }
  | { readonly status: 'barred' }
  | { readonly status: 'limited'; readonly retryAfterSeconds: number }
  | { readonly status: 'busy' };

export interface LoginPage {
  readonly uid: string;
  readonly formToken: string;
  readonly clientName: string;
  readonly username: string;
  readonly fault: LoginFault | undefined;
  readonly formOrigins: readonly string[];
}

export function loginPage({ uid, formToken, clientName, username, fault, formOrigins }: LoginPage): Page {
  const isInvalid = fault?.status === 'failed' ? html` aria-invalid="true" aria-describedby="fault"` : undefined;
  const focus = html` autofocus`;
  return {
    ...answerTo(fault),
    title: 'Sign in',
    formOrigins,
    body: html`<h1>Sign in</h1>
<p class="lead">to continue to ${clientName}</p>
${fault && html`<p class="alert" role="alert" id="fault">${faultText(fault)}</p>`}
<form method="post" action="/interaction/${uid}">
<input type="hidden" name="form_token" value="${formToken}">
<div class="field">
<label for="username">Username</label>
<input id="username" name="username" type="text" value="${username}" required maxlength="${usernameMaxLength}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false"${isInvalid}${username === '' ? focus : undefined}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" required maxlength="${passwordMaxLength}" autocomplete="current-password"${isInvalid}${username === '' ? undefined : focus}>
</div>
<button class="primary" type="submit">Sign in</button>
</form>`,
  };
}

function answerTo(fault: LoginFault | undefined): Pick<Page, 'status' | 'headers'> {
  switch (fault?.status) {
    case undefined:
      return { status: 200 };
    case 'failed':
      return { status: 422 };
    case 'barred':
      return { status: 403 };
    case 'limited':
      return { status: 429, headers: { 'retry-after': String(fault.retryAfterSeconds) } };
    case 'busy':
      return { status: 503, headers: { 'retry-after': '5' } };
  }
}

function faultText(fault: LoginFault): string {
  if (fault.status === 'failed') return 'The user name or the password is not right.';
  if (fault.status === 'barred') return 'This account is barred. Ask your operator why.';
  if (fault.status === 'busy') return 'Too many people are signing in right now. Try again in a moment.';
  const minutes = Math.ceil(fault.retryAfterSeconds / 60);
  return `Too many failed attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}

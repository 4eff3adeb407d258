/**
 * The login page of a WWSF that authenticates its users itself (textbox `Username`, field labelled `Password`, button
 * `Sign in`: tests find them by these names).
 *
 * @module
 */

import { html, passwordMaxLength } from '@wicgate/node-kit';
import { usernameMaxLength } from '../accounts/account.ts';
import type { AuthenticationFault } from '../accounts/authentication.ts';
import type { Page } from './page.ts';

/** What an authentication may end with, and what may come before and after it. */
export type LoginFault =
  | { readonly status: 'expired' }
  | AuthenticationFault
  | { readonly status: 'unavailable' }
  | { readonly status: 'exhausted' | 'everywhere'; readonly retryAfterSeconds: number };

export interface LoginPage {
  readonly formToken: string;
  readonly username: string;
  readonly fault: LoginFault | undefined;
}

const shortWaitSeconds = 5;

export function loginPage({ formToken, username, fault }: LoginPage): Page {
  const isInvalid = fault?.status === 'failed' ? html` aria-invalid="true" aria-describedby="fault"` : undefined;
  const focus = html` autofocus`;
  return {
    ...answerTo(fault),
    title: 'Sign in',
    hasForm: true,
    body: html`<h1>Sign in</h1>
<p class="lead">to use the telephone</p>
${fault && html`<p class="alert" role="alert" id="fault">${faultText(fault)}</p>`}
<form method="post" action="/sign-in">
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
</form>
<p class="back"><a href="/">Back to the telephone</a></p>`,
  };
}

function answerTo(fault: LoginFault | undefined): Pick<Page, 'status' | 'headers'> {
  switch (fault?.status) {
    case undefined:
      return { status: 200 };
    case 'expired':
      return { status: 403 };
    case 'failed':
      return { status: 422 };
    case 'limited':
    case 'everywhere':
      return { status: 429, headers: { 'retry-after': String(fault.retryAfterSeconds) } };
    case 'exhausted':
      return { status: 503, headers: { 'retry-after': String(fault.retryAfterSeconds) } };
    case 'busy':
    case 'unavailable':
      return { status: 503, headers: { 'retry-after': String(shortWaitSeconds) } };
  }
}

function faultText(fault: LoginFault): string {
  switch (fault.status) {
    case 'expired':
      return 'This page was open for too long. Sign in once more.';
    case 'failed':
      return 'The user name or the password is not right.';
    case 'busy':
      return 'Too many people are signing in right now. Try again in a moment.';
    case 'unavailable':
      return 'Your password is right, but the operator of the telephone cannot be reached now. Try again in a moment.';
    case 'exhausted':
      return 'Your password is right, but all telephone numbers are in use right now. Try again in a minute.';
    case 'everywhere':
      return 'You are signed in in too many browsers. Sign out in one of them and try again in a minute.';
    case 'limited': {
      const minutes = Math.ceil(fault.retryAfterSeconds / 60);
      return `Too many failed attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
    }
  }
}

/**
 * Signing out (OpenID Connect RP-Initiated Logout 1.0): asked, passed through, and done.
 *
 * @module
 */
import { html } from '@wicgate/node-kit';
import type { Page } from './page.ts';

export interface LogoutForm {
  readonly action: string;
  readonly xsrf: string;
  readonly formOrigins: readonly string[];
}

/** Asks, because nothing proves that the person wants this. */
export function logoutPage({ action, xsrf, formOrigins }: LogoutForm, displayName: string, homeUrl: string): Page {
  return {
    status: 200,
    title: 'Sign out',
    formOrigins,
    body: html`<h1>Sign out?</h1>
<p class="lead">You are signed in as <strong>${displayName}</strong>. Afterwards this browser needs your password again.</p>
<form method="post" action="${action}" class="choice">
<input type="hidden" name="xsrf" value="${xsrf}">
<a class="secondary" href="${homeUrl}">Stay signed in</a>
<button class="primary" type="submit" name="logout" value="yes">Sign out</button>
</form>`,
  };
}

/** Goes on by itself: the person has decided already. `button` is for browsers without scripts. */
export function passingPage({ action, xsrf, formOrigins }: LogoutForm, heading: string, button: string): Page {
  return {
    status: 200,
    title: heading,
    formOrigins,
    submitsItself: true,
    body: html`<h1>${heading}</h1>
<p class="lead">One moment, please.</p>
<form method="post" action="${action}" data-submit-now>
<input type="hidden" name="xsrf" value="${xsrf}">
<input type="hidden" name="logout" value="yes">
<noscript><button class="primary" type="submit">${button}</button></noscript>
</form>`,
  };
}

export function signedOutPage(homeName: string, homeUrl: string): Page {
  return {
    status: 200,
    title: 'Signed out',
    body: html`<h1>You are signed out</h1>
<p class="lead">You can close this page, or sign in again.</p>
<a class="primary" href="${homeUrl}">Back to ${homeName}</a>`,
  };
}

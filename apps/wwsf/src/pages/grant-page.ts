/**
 * What a user reads whose subscriber has not allowed this WWSF to use the account (TS 33.203 REQ 2.1): what is missing,
 * and where to allow it.
 *
 * @module
 */
import { html } from '@wicgate/node-kit';
import type { Page } from './page.ts';

/** @param location where the WAF asks the subscriber. */
export function grantPage(location: string): Page {
  return {
    status: 403,
    title: 'Allow this telephone',
    body: html`<h1>Allow this telephone first</h1>
<p class="lead">Your password is right, but you have not allowed this site to use your telephone account, or allow it no longer.</p>
<ol class="steps">
<li>Open <strong>${new URL(location).host}</strong> and sign in there with the password of your telephone account.</li>
<li>Allow this site.</li>
<li>Come back and sign in here again.</li>
</ol>
<a class="primary" href="${location}">Allow this site</a>
<a class="secondary" href="/sign-in">Sign in again</a>`,
  };
}

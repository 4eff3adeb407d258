/**
 * The consent page, for clients that are not the operator's own (TS 33.203 X.3.2.3 step 0.1; design: button `Allow`).
 *
 * @module
 */

import { type Html, html } from '@wicgate/node-kit';
import type { Account } from '../accounts/accounts.ts';
import type { Page } from './page.ts';

export interface ConsentPage {
  readonly uid: string;
  readonly formToken: string;
  readonly clientName: string;
  readonly account: Account;
  /** Where the client takes the person afterwards. */
  readonly clientOrigin: string;
  readonly scopes: ReadonlySet<string>;
  readonly formOrigins: readonly string[];
}

export function consentPage(page: ConsentPage): Page {
  return {
    status: 200,
    title: `Allow ${page.clientName}`,
    formOrigins: page.formOrigins,
    body: html`<h1>Allow ${page.clientName}?</h1>
<p class="lead">You are signed in as <strong>${page.account.displayName}</strong>. ${page.clientName} asks for leave to:</p>
<ul class="grants">
${describe(page.scopes, page.account)}
</ul>
<p class="note">Afterwards you go on to <strong>${page.clientOrigin}</strong>. Allow only what you started yourself.</p>
<form method="post" action="/interaction/${page.uid}" class="choice">
<input type="hidden" name="form_token" value="${page.formToken}">
<button class="secondary" type="submit" name="decision" value="deny">Deny</button>
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
</form>`,
  };
}

function describe(scopes: ReadonlySet<string>, account: Account): Html[] {
  const items: Html[] = [];
  if (scopes.has('webrtc-ims-client-access-to-ims')) {
    const identities = account.impus.map((impu) => html`<li><code>${impu}</code></li>`);
    items.push(html`<li>place and receive your calls, as<ul class="identities">${identities}</ul></li>`);
  }
  if (scopes.has('openid')) items.push(html`<li>see your name and user name</li>`);
  if (scopes.has('offline_access')) items.push(html`<li>stay connected for as long as you are signed in here</li>`);
  return items;
}

/**
 * The pages on which a subscriber sees and decides which web operators may register in their name (TS 33.203 X.3.1 REQ
 * 2.1; buttons `Remove access` and `Allow`: tests find them by these names).
 *
 * @module
 */

import { type Html, html } from '@wicgate/node-kit';
import type { Account } from '../accounts/accounts.ts';
import type { ClientGrant } from '../grants/client-grants.ts';
import type { Page, Site } from './page.ts';

/** A client as a person knows it. */
export interface NamedClient {
  readonly clientId: string;
  readonly name: string;
  /** Where its site is, if that is known. */
  readonly origin: string | undefined;
}

export interface GrantsPage {
  readonly account: Account;
  readonly formToken: string;
  readonly grants: readonly (ClientGrant & NamedClient)[];
  /** Which grant has just been given. */
  readonly allowed: NamedClient | undefined;
  readonly site: Pick<Site, 'homeName' | 'homeUrl'>;
  /** The operator's own site is none of those allowed: it has sign-ins at the WAF only, for which nobody is asked. */
  readonly isHomeFree: boolean;
}

export interface NewGrantPage {
  readonly account: Account;
  readonly formToken: string;
  readonly client: NamedClient;
}

export function grantsPage({ account, formToken, grants, allowed, site, isHomeFree }: GrantsPage): Page {
  const home = html`<p class="note">Where you sign in here to use ${site.homeName}, it needs no leave: it then acts only while you are signed in.</p>`;
  return {
    status: 200,
    title: 'Who may call for you',
    body: html`<h1>Who may call for you</h1>
<p class="lead">You are signed in as <strong>${account.displayName}</strong>. ${grants.length === 0 ? undefined : 'These sites may place and receive calls in your name.'}</p>
${allowed && notice(allowed)}
${grants.length === 0 ? nobody : html`<ul class="allowed">${grants.map((grant, index) => item(grant, index, formToken))}</ul>`}
${isHomeFree ? home : undefined}
<p class="links"><a href="${site.homeUrl}">Back to ${site.homeName}</a><a href="/session/end">Sign out</a></p>`,
  };
}

/** Client credentials: the client will never bring the person here, so it says what that means. */
export function newGrantPage({ account, formToken, client }: NewGrantPage): Page {
  return {
    status: 200,
    title: `Allow ${client.name}`,
    body: html`<h1>Allow ${client.name}?</h1>
<p class="lead">You are signed in as <strong>${account.displayName}</strong>. ${client.name} asks for leave to:</p>
<ul class="grants">
<li>place and receive your calls, as<ul class="identities">${account.impus.map((impu) => html`<li><code>${impu}</code></li>`)}</ul></li>
<li>do so at any time, for whomever it lets in as you: you will not be asked again</li>
</ul>
<p class="note">${client.origin && html`Its site is <strong>${client.origin}</strong>. `}Allow it only if you have an account there. You can remove its access at any time; your calls there then end at once.</p>
<form method="post" action="/grants/new" class="choice">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="client_id" value="${client.clientId}">
<button class="secondary" type="submit" name="decision" value="deny">Deny</button>
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
</form>`,
  };
}

const nobody = html`<div class="empty"><p><strong>Nobody yet</strong></p><p>A site that you allow to call for you appears here.</p></div>`;

function notice({ name, origin }: NamedClient): Html {
  const back = origin && html` <a href="${origin}/">Go on to ${name}</a>`;
  return html`<p class="notice" role="status">${name} may now call for you.${back}</p>`;
}

function item(grant: ClientGrant & NamedClient, index: number, formToken: string): Html {
  const id = `client-${index}`;
  return html`<li class="client">
<div class="who"><strong id="${id}">${grant.name}</strong>${grant.origin && html`<span>${grant.origin.replace('https://', '')}</span>`}</div>
<dl>
<div><dt>Allowed</dt><dd>${moment(grant.since)}</dd></div>
<div><dt>Last used</dt><dd>${grant.lastUsed === undefined ? 'never' : moment(grant.lastUsed)}</dd></div>
<div><dt>Applies</dt><dd>${grant.standing ? 'at any time' : 'while you are signed in here'}</dd></div>
</dl>
<form method="post" action="/grants/removal">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="client_id" value="${grant.clientId}">
<button class="secondary" type="submit" aria-describedby="${id}">Remove access</button>
</form>
</li>`;
}

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** The server does not know where the person is. */
function moment(seconds: number): Html {
  const date = new Date(seconds * 1_000);
  return html`<time datetime="${date.toISOString()}">${format.format(date)} UTC</time>`;
}

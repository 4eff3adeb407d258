/**
 * The pages on which a person signs in and consents (TS 33.203 X.3.2.3 step 0.1).
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors, type Interaction, type Provider } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import { FormMalformed, InteractionExpired } from '../errors.ts';
import type { ClientGrants } from '../grants/client-grants.ts';
import type { Keys } from '../keys.ts';
import type { WafLogger } from '../log.ts';
import type { KnownBrowsers } from '../login/known-browsers.ts';
import type { createSignIn, SignInResult } from '../login/sign-in.ts';
import type { WafMetrics } from '../metrics.ts';
import { type MissingConsent, saveConsent } from '../oidc/grants.ts';
import { consentPage } from '../pages/consent-page.ts';
import { type LoginFault, loginPage } from '../pages/login-page.ts';
import type { Page, RenderPage } from '../pages/page.ts';
import { checkForm, createFormToken, readField } from './form.ts';

export interface InteractionParts {
  readonly grants: ClientGrants;
  readonly provider: Provider;
  readonly accounts: Accounts;
  readonly signIn: ReturnType<typeof createSignIn>;
  readonly knownBrowsers: KnownBrowsers;
  readonly keys: Keys;
  readonly render: RenderPage;
  readonly log: WafLogger;
  readonly metrics: WafMetrics;
  readonly hashIdentity: (identity: string) => string;
}

interface Route {
  readonly Params: { readonly uid: string };
  readonly Body: URLSearchParams;
}

export function addInteractionRoutes(app: FastifyInstance, parts: InteractionParts): void {
  app.get<Route>('/interaction/:uid', async (request, reply) => {
    const interaction = await findInteraction(parts, request, reply);
    return send(parts, reply, await pageOf(parts, interaction));
  });
  app.post<Route>('/interaction/:uid', async (request, reply) => {
    const interaction = await findInteraction(parts, request, reply);
    const form = request.body ?? new URLSearchParams();
    checkForm(form, request.headers, createFormToken(parts.keys, interaction.uid));
    return interaction.prompt.name === 'login'
      ? login(parts, { interaction, form, request, reply })
      : consent(parts, { interaction, form, request, reply });
  });
}

interface Submission {
  readonly interaction: Interaction;
  readonly form: URLSearchParams;
  readonly request: FastifyRequest<Route>;
  readonly reply: FastifyReply;
}

async function login(
  parts: InteractionParts,
  { interaction, form, request, reply }: Submission,
): Promise<FastifyReply> {
  const username = readField(form, 'username').trim();
  const password = readField(form, 'password');
  const known = parts.knownBrowsers.find(request.headers.cookie);
  const result = await parts.signIn({ username, password, address: request.ip, known });
  reportLogin(parts, result);
  if (result.status !== 'succeeded')
    return send(parts, reply, await pageOf(parts, interaction, { username, fault: result }));
  reply.header('set-cookie', parts.knownBrowsers.createCookie(result.account.id));
  return finish(parts, { request, reply }, { login: { accountId: result.account.id, amr: ['pwd'] } });
}

async function consent(
  parts: InteractionParts,
  { interaction, form, request, reply }: Submission,
): Promise<FastifyReply> {
  const { provider, log } = parts;
  const clientId = String(interaction.params.client_id);
  const decision = readField(form, 'decision');
  if (decision === 'deny') {
    log.info({ event: 'consent.denied', clientId });
    const denial = { error: 'access_denied', error_description: 'the person did not allow it' };
    return finish(parts, { request, reply }, denial);
  }
  if (decision !== 'allow') throw new FormMalformed('expected the field decision to be allow or deny');

  const existing = interaction.grantId === undefined ? undefined : await provider.Grant.find(interaction.grantId);
  const accountId = interaction.session?.accountId;
  if (accountId === undefined) throw new InteractionExpired('nobody is signed in');
  const grant = existing ?? new provider.Grant({ accountId, clientId });
  const grantId = await saveConsent(grant, interaction.prompt.details as MissingConsent);
  await parts.grants.save(accountId, clientId, 0);
  log.info({ event: 'consent.given', clientId });
  return finish(parts, { request, reply }, { consent: { grantId } });
}

async function finish(
  { provider }: InteractionParts,
  { request, reply }: Pick<Submission, 'request' | 'reply'>,
  result: Parameters<Provider['interactionResult']>[2],
): Promise<FastifyReply> {
  const next = await provider.interactionResult(request.raw, reply.raw, result, {
    mergeWithLastSubmission: 'consent' in result,
  });
  return reply.redirect(next, 303);
}

/** @throws {InteractionExpired} it is over, or its cookie is not in this browser. */
async function findInteraction(
  { provider }: InteractionParts,
  request: FastifyRequest<Route>,
  reply: FastifyReply,
): Promise<Interaction> {
  try {
    const interaction = await provider.interactionDetails(request.raw, reply.raw);
    if (interaction.uid === request.params.uid) return interaction;
  } catch (cause) {
    if (!(cause instanceof errors.SessionNotFound)) throw cause;
    throw new InteractionExpired('expected the cookie of a live interaction', { cause });
  }
  throw new InteractionExpired('expected the cookie of this interaction');
}

interface Retry {
  readonly username: string;
  readonly fault: LoginFault;
}

async function pageOf(
  { provider, accounts, keys }: InteractionParts,
  interaction: Interaction,
  retry?: Retry,
): Promise<Page> {
  const { uid, params, prompt, session } = interaction;
  const clientId = String(params.client_id);
  const clientName = (await provider.Client.find(clientId))?.clientName ?? clientId;
  const clientOrigin = new URL(String(params.redirect_uri)).origin;
  const base = { uid, formToken: createFormToken(keys, uid), clientName, formOrigins: [clientOrigin] };
  if (prompt.name === 'login') {
    const username = retry?.username ?? hint(prompt.details.login_hint);
    return loginPage({ ...base, username, fault: retry?.fault });
  }
  const account = await accounts.findById(session?.accountId ?? '');
  if (account === undefined) throw new InteractionExpired('nobody is signed in');
  return consentPage({ ...base, account, clientOrigin, scopes: scopesOf(prompt.details as MissingConsent) });
}

function scopesOf({ missingOIDCScope = [], missingResourceScopes = {} }: MissingConsent): ReadonlySet<string> {
  return new Set([...missingOIDCScope, ...Object.values(missingResourceScopes).flat()]);
}

function hint(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 128) : '';
}

function send({ render }: InteractionParts, reply: FastifyReply, page: Page): FastifyReply {
  const { status, headers, body } = render(page);
  return reply.code(status).headers(headers).send(body);
}

function reportLogin({ log, metrics, hashIdentity }: InteractionParts, result: SignInResult): void {
  metrics.logins.inc({ result: result.status });
  if (result.status === 'succeeded') {
    log.info({ event: 'login.succeeded', impi: hashIdentity(result.account.impi), clause: 'TS 33.203 X.3.2.3' });
  } else {
    log.warn({ event: `login.${result.status}` });
  }
}

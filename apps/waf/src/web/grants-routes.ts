/**
 * Where a subscriber decides which web operators may register in their name (TS 33.203 X.3.1 REQ 2.1): `/grants`, and
 * `/grants/new?client_id=` for a client that uses client credentials and so never shows a consent page of its own.
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider, Session } from 'oidc-provider';
import type { Account, Accounts } from '../accounts/accounts.ts';
import type { TrustedClient } from '../clients.ts';
import { ClientNotFound, FormForged, FormMalformed, TooManyRequests } from '../errors.ts';
import type { ClientGrants } from '../grants/client-grants.ts';
import type { Keys } from '../keys.ts';
import type { WafLogger } from '../log.ts';
import { grantsCallbackPath, signInPath } from '../oidc/client-metadata.ts';
import { grantsPage, type NamedClient, newGrantPage } from '../pages/grants-pages.ts';
import type { Page, RenderPage, Site } from '../pages/page.ts';
import { checkForm, createFormToken, readField } from './form.ts';
import type { SignInLimits } from './sign-in-limits.ts';

export interface GrantsRoutesParts {
  readonly issuer: string;
  readonly provider: Provider;
  readonly accounts: Accounts;
  readonly grants: ClientGrants;
  readonly clients: readonly TrustedClient[];
  readonly keys: Keys;
  readonly limits: SignInLimits;
  readonly render: RenderPage;
  readonly site: Site;
  readonly log: WafLogger;
}

interface SignedIn {
  readonly account: Account;
  readonly formToken: string;
}

type Query = Readonly<Record<string, unknown>>;
type Handle = (visit: Visit & SignedIn) => Promise<FastifyReply>;

interface Visit {
  readonly parts: GrantsRoutesParts;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export function addGrantsRoutes(app: FastifyInstance, parts: GrantsRoutesParts): void {
  const get = (path: string, handle: Handle): void => {
    app.get(path, (request, reply) => withPerson({ parts, request, reply }, handle));
  };
  const post = (path: string, handle: Handle): void => {
    app.post(path, (request, reply) => withPerson({ parts, request, reply }, handle));
  };
  get('/grants', showGrants);
  get('/grants/new', showNewGrant);
  post('/grants/new', decide);
  post('/grants/removal', remove);
  app.get(grantsCallbackPath, (request, reply) => {
    // The code stays unused; the state says where the person was going, among our own pages only.
    const { state } = request.query as Query;
    const clientId = typeof state === 'string' && state.startsWith('new ') ? state.slice('new '.length) : undefined;
    return reply.redirect(clientId === undefined ? '/grants' : newGrantPath(clientId), 303);
  });
}

/** Who is not signed in does so first, on the one login page. */
async function withPerson(visit: Visit, handle: Handle): Promise<FastifyReply> {
  const { parts, request, reply } = visit;
  const overload = parts.limits.admit(request.raw, request.ip, false);
  if (overload !== undefined) throw new TooManyRequests('expected fewer requests of one address');
  const session = await findSession(parts.provider, request, reply);
  const account = await parts.accounts.findById(session?.accountId ?? '');
  if (session !== undefined && account !== undefined && !account.isBarred) {
    return handle({ ...visit, account, formToken: createFormToken(parts.keys, `grants ${session.uid}`) });
  }
  if (request.method !== 'GET') throw new FormForged('expected the cookie of a session');
  const { client_id: clientId } = request.query as Query;
  const isNew = request.url.startsWith('/grants/new') && typeof clientId === 'string';
  return reply.redirect(signInPath(parts.issuer, isNew ? `new ${clientId.slice(0, 255)}` : 'list'), 303);
}

async function findSession(
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session | undefined> {
  const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
  return session.accountId === undefined ? undefined : session;
}

async function showGrants({ parts, request, reply, account, formToken }: Visit & SignedIn): Promise<FastifyReply> {
  const grants = (await parts.grants.listOf(account.id)).map((grant) => ({
    ...grant,
    ...nameOf(parts.clients, grant.clientId),
  }));
  const { allowed: allowedId } = request.query as Query;
  const allowed = grants.find(({ clientId, standing }) => standing && clientId === allowedId);
  const own = parts.clients.filter((client) => client.own).map(({ clientId }) => clientId);
  const isHomeFree = !grants.some(({ clientId }) => own.includes(clientId));
  return send(parts, reply, grantsPage({ account, formToken, grants, allowed, site: parts.site, isHomeFree }));
}

async function showNewGrant({ parts, request, reply, account, formToken }: Visit & SignedIn): Promise<FastifyReply> {
  const client = findClient(parts.clients, (request.query as Query).client_id);
  const grants = await parts.grants.listOf(account.id);
  if (grants.some(({ clientId, standing }) => standing && clientId === client.clientId)) {
    return reply.redirect(grantsPath(client.clientId), 303);
  }
  return send(parts, reply, newGrantPage({ account, formToken, client }));
}

async function decide({ parts, request, reply, account, formToken }: Visit & SignedIn): Promise<FastifyReply> {
  const form = readForm(request, formToken);
  const { clientId } = findClient(parts.clients, readField(form, 'client_id'));
  const decision = readField(form, 'decision');
  if (decision === 'deny') {
    parts.log.info({ event: 'consent.denied', clientId });
    return reply.redirect('/grants', 303);
  }
  if (decision !== 'allow') throw new FormMalformed('expected the field decision to be allow or deny');
  await parts.grants.save(account.id, clientId, 1);
  parts.log.info({ event: 'grant.given', clientId, clause: 'TS 33.203 X.3.1 REQ 2.1' });
  return reply.redirect(grantsPath(clientId), 303);
}

async function remove({ parts, request, reply, account, formToken }: Visit & SignedIn): Promise<FastifyReply> {
  const clientId = readField(readForm(request, formToken), 'client_id');
  // A client_id that was never granted is whatever the form says: it is not logged.
  const wasGranted = await parts.grants.removeOf(account.id, clientId);
  if (wasGranted) parts.log.info({ event: 'grant.removed', clientId, clause: 'TS 33.203 X.3.1 REQ 2.1' });
  return reply.redirect('/grants', 303);
}

/** @throws {FormForged} */
function readForm({ body, headers }: FastifyRequest, formToken: string): URLSearchParams {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  checkForm(form, headers, formToken);
  return form;
}

/** @throws {ClientNotFound} */
function findClient(clients: readonly TrustedClient[], clientId: unknown): NamedClient {
  const client = clients.find((candidate) => candidate.clientId === clientId);
  if (client?.grantTypes.includes('client_credentials') !== true) {
    throw new ClientNotFound('expected the client_id of a web operator that uses client credentials');
  }
  return nameOf(clients, client.clientId);
}

/** A client that is configured no longer has lost its name. */
function nameOf(clients: readonly TrustedClient[], clientId: string): NamedClient {
  const client = clients.find((candidate) => candidate.clientId === clientId);
  const [uri] = [...(client?.postLogoutRedirectUris ?? []), ...(client?.redirectUris ?? [])];
  return { clientId, name: client?.name ?? clientId, origin: uri === undefined ? undefined : new URL(uri).origin };
}

function newGrantPath(clientId: string): string {
  return `/grants/new?${new URLSearchParams({ client_id: clientId })}`;
}

function grantsPath(clientId: string): string {
  return `/grants?${new URLSearchParams({ allowed: clientId })}`;
}

function send({ render }: GrantsRoutesParts, reply: FastifyReply, page: Page): FastifyReply {
  const { status, headers, body } = render(page);
  return reply.code(status).headers(headers).send(body);
}

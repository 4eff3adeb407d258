/**
 * Our pages in the place of oidc-provider's own, and what is refused before it gets there.
 *
 * @module
 */
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import type { WafLogger } from '../log.ts';
import { errorPage, type Fault, faults } from '../pages/error-page.ts';
import { type LogoutForm, logoutPage, passingPage, signedOutPage } from '../pages/logout-pages.ts';
import type { Page, RenderPage, Site } from '../pages/page.ts';
import { isSameOrigin } from '../web/form.ts';

export interface ProviderPages {
  renderError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void;
  renderLogout(ctx: KoaContextWithOIDC): Promise<void>;
  renderSignedOut(ctx: KoaContextWithOIDC): void;
  /** Stands before oidc-provider's own handlers. */
  guard(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void>;
}

export interface ProviderPagesParts {
  readonly site: Site;
  readonly render: RenderPage;
  readonly accounts: Accounts;
  readonly log: WafLogger;
  /** Origins of all clients: where signing out may lead. */
  readonly clientOrigins: readonly string[];
}

type Show = (ctx: KoaContextWithOIDC, page: Page) => void;

export function createProviderPages(parts: ProviderPagesParts): ProviderPages {
  const { site, render, accounts, clientOrigins } = parts;
  const show: Show = (ctx, page) => {
    const { status, headers, body } = render(page);
    ctx.status = status;
    ctx.set(headers);
    ctx.body = body;
  };
  return {
    guard: createGuard(parts, show),

    renderError(ctx, out) {
      // A sign-out that proves nothing is asked about instead, and leads nowhere by itself.
      if (ctx.oidc.route === 'end_session' && ctx.status < 500 && ctx.search !== '') return ctx.redirect(ctx.path);
      show(ctx, errorPage(describe(out, ctx.status), site));
    },

    async renderLogout(ctx) {
      const accountId = ctx.oidc.session?.accountId ?? '';
      const form = logoutForm(ctx, clientOrigins);
      // The hint proves that the client knows who is signed in; expired hints do too, and are accepted.
      if (ctx.oidc.entities.IdTokenHint?.payload.sub === accountId) {
        return show(ctx, passingPage(form, 'Signing out', 'Sign out'));
      }
      const account = await accounts.findById(accountId);
      show(ctx, logoutPage(form, account?.displayName ?? 'somebody', site.homeUrl));
    },

    renderSignedOut(ctx) {
      show(ctx, signedOutPage(site.homeName, site.homeUrl));
    },
  };
}

function createGuard({ site, log, clientOrigins }: ProviderPagesParts, show: Show): ProviderPages['guard'] {
  return async (ctx, next) => {
    const refusal = findRefusal(ctx);
    if (refusal !== undefined) {
      log.warn({ event: 'request.refused', path: ctx.path, reason: refusal.code });
      return show(ctx, errorPage(refusal, site));
    }
    try {
      await next();
    } catch (cause) {
      reportFault(log, cause);
      return show(ctx, errorPage(faults.server, site));
    }
    if (isPlaceholder(ctx)) show(ctx, passingPage(logoutForm(ctx, clientOrigins), 'Just a moment', 'Continue'));
    else if (ctx.status === 404 && !ctx.body) show(ctx, errorPage(faults.notFound, site));
    else if (isMetadata(ctx.body)) ctx.body = { ...ctx.body, response_modes_supported: ['query'] };
  };
}

function logoutForm(ctx: KoaContextWithOIDC, formOrigins: readonly string[]): LogoutForm {
  const xsrf = String(ctx.oidc.session?.state?.secret);
  return { action: ctx.oidc.urlFor('end_session_confirm'), xsrf, formOrigins };
}

/** An error that no rule foresees. Its message may hold anything, so only its kind is logged. */
export function reportFault(log: WafLogger, cause: unknown): void {
  const kind = cause instanceof Error ? cause.name : typeof cause;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const stack = cause instanceof Error ? cause.stack?.split('\n').filter((line) => /^ +at /.test(line)) : undefined;
  log.error({
    event: 'waf.fault',
    cause: { kind, code, stack: stack?.slice(0, 8) },
    effect: 'one request was answered with 500',
    action: 'check disk space and permissions of WAF_STATE_DIR; otherwise report this line',
  });
}

function findRefusal(ctx: KoaContextWithOIDC): Fault | undefined {
  // Form posts would come from a page of oidc-provider's own with an inline script.
  const mode = ctx.query.response_mode;
  if (ctx.path === '/auth' && mode !== undefined && mode !== 'query') {
    return { ...faults.request, code: 'unsupported_response_mode' };
  }
  if (ctx.path === '/session/end/confirm' && !isSameOrigin(ctx.req.headers)) return faults.forged;
  return undefined;
}

/**
 * oidc-provider sends a page with an inline script where nobody is signed in any more, and where another account
 * signs in over an existing session. Both only lead on to the end of the session.
 */
function isPlaceholder(ctx: KoaContextWithOIDC): boolean {
  const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined;
  if (ctx.status !== 200 || typeof ctx.body !== 'string' || oidc?.session?.state?.secret === undefined) return false;
  return oidc.route === 'resume' || (oidc.route === 'end_session' && oidc.session.accountId === undefined);
}

function isMetadata(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && 'response_modes_supported' in body;
}

function describe(out: ErrorOut, status: number): Fault {
  if (out.error === 'server_error' || status >= 500) return faults.server;
  if (isExpiry(out)) return faults.expired;
  return { ...faults.request, status, code: out.error };
}

/** Also for a sign-out form that is not the newest: its session has moved on. */
function isExpiry({ error, error_description: description = '' }: ErrorOut): boolean {
  return error === 'invalid_request' && /session|interaction|expired|xsrf|logout details/.test(description);
}

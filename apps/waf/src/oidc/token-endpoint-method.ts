/**
 * The token endpoint takes POST only (RFC 6749 3.2). TS 33.203 X.5.3.2 step 4 shows a GET with the client's id and
 * password in it: its sender is told what to send instead, and that a secret in a URL is one no longer.
 *
 * Neither the answer nor the log repeats anything of the query.
 *
 * @module
 */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { WafLogger } from '../log.ts';

const taken: ReadonlySet<string> = new Set(['POST', 'OPTIONS']);

/** RFC 9457, with the members that an OAuth client reads (RFC 6749 5.2). */
const detail =
  'POST to this URL, as application/x-www-form-urlencoded: for TURN grant_type=client_credentials&scope=turn, the client ' +
  'authenticated by Authorization: Basic, by a signed assertion or by its certificate. A client secret that was sent in ' +
  'a URL may stand in logs on the way: have it replaced.';

const problem = {
  type: 'about:blank',
  title: 'Method Not Allowed',
  status: 405,
  detail,
  error: 'invalid_request',
  error_description: 'expected POST, as RFC 6749 3.2 has it',
};

export function addTokenEndpointMethod(provider: Provider, log: WafLogger): void {
  provider.use(async (context, next) => {
    const ctx = context as KoaContextWithOIDC;
    if (ctx.path !== '/token' || taken.has(ctx.method)) return next();
    log.warn({ event: 'request.refused', path: ctx.path, reason: 'method', clause: 'TS 33.203 X.5.3.2', step: '4' });
    ctx.status = problem.status;
    ctx.set({ 'allow': 'POST', 'cache-control': 'no-store', 'content-type': 'application/problem+json' });
    ctx.body = JSON.stringify(problem);
  });
}

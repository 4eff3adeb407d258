/**
 * Access to a TURN server by token, asked of the WAF in the name of the WWSF (TS 33.203 X.5.3.2 steps 4 and 5, RFC 7635
 * 4.1).
 *
 * The library for OpenID Connect takes no tokens but `Bearer` and `DPoP`; so this one request is made here, with the
 * same authentication of the client and over the same connections.
 *
 * @module
 */
import type { ClientAuth, Configuration, CustomFetch } from 'openid-client';
import { z } from 'zod';
import { WafDisagrees, WafUnavailable } from '../errors.ts';

/** What the WAF gave for TURN: all of it is for the page, and none of it about a person. */
export interface TurnAccess {
  readonly accessToken: string;
  readonly tokenType: 'pop';
  readonly expiresInSeconds: number;
  readonly kid: string;
  /** Base64 of the session key. A secret. */
  readonly key: string;
  readonly alg: string;
  readonly serverName: string | undefined;
}

export interface TurnAccessRequest {
  readonly configuration: Configuration;
  readonly method: ClientAuth;
  readonly fetch: CustomFetch;
  readonly timeoutSeconds: number;
}

const scope = 'turn';
/** What MESSAGE-INTEGRITY is made with (RFC 8489 14.5). */
const algorithm = 'HMAC-SHA-1';
const text = z.string().min(1).max(255);

const answerSchema = z.object({
  access_token: z.base64().min(1).max(1_024),
  token_type: z.string().regex(/^pop$/i),
  expires_in: z.number().int().min(1),
  kid: text,
  key: z.base64().min(1).max(255),
  alg: text.default(algorithm),
  server_name: text.optional(),
});

/** @throws {WafUnavailable | WafDisagrees} */
export async function requestTurnAccess(request: TurnAccessRequest): Promise<TurnAccess> {
  const response = await post(request);
  if (response.status === 429 || response.status >= 500) throw new WafUnavailable(`status ${response.status}`);
  if (response.status !== 200) throw new WafDisagrees(`no token for TURN: status ${response.status}`);
  const result = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!result.success) throw new WafDisagrees('token for TURN of another form');
  const { data } = result;
  return {
    accessToken: data.access_token,
    tokenType: 'pop',
    expiresInSeconds: data.expires_in,
    kid: data.kid,
    key: data.key,
    alg: data.alg,
    serverName: data.server_name,
  };
}

async function post({ configuration, method, fetch, timeoutSeconds }: TurnAccessRequest): Promise<Response> {
  const [server, client] = [configuration.serverMetadata(), configuration.clientMetadata()];
  const aliases = client.use_mtls_endpoint_aliases === true ? server.mtls_endpoint_aliases : undefined;
  const endpoint = aliases?.token_endpoint ?? server.token_endpoint;
  if (endpoint === undefined) throw new WafDisagrees('no token endpoint');
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope, token_type: 'pop', alg: algorithm });
  const headers = new Headers({
    'accept': 'application/json',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  });
  await method(server, client, body, headers);
  const signal = AbortSignal.timeout(1_000 * timeoutSeconds);
  const options = { method: 'POST', headers: Object.fromEntries(headers), body, redirect: 'manual', signal } as const;
  return fetch(endpoint, options).catch((error: unknown) => {
    throw new WafUnavailable(codeOf(error));
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

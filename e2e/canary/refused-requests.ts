/**
 * Requests over HTTP that nobody serves as they are, each with a secret somewhere in it.
 *
 * @module
 */
import type { LabPorts } from '@wicgate/lab';

export interface RefusedRequest {
  readonly to: keyof LabPorts;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

/** A token in every part of a request to everything that browsers see. */
export function toPages(token: string): readonly RefusedRequest[] {
  const headers = { authorization: `Bearer ${token}` };
  const posted = { method: 'POST', headers: { ...form, ...headers } };
  const cookies = ['__Host-wwsf-443-session', '__Host-waf-443-session'].map((name) => `${name}=${token.slice(-43)}`);
  const requests: readonly Omit<RefusedRequest, 'to'>[] = [
    { path: `/nowhere?token=${token}` },
    { path: '/%ff%00', headers },
    { path: '/', method: 'PUT', headers, body: token },
    { path: '/token', ...posted, body: `grant_type=authorization_code&code=${token}` },
    { path: `/callback?code=${token}&state=${token}` },
    { path: '/sign-in', ...posted, body: `username=alice&password=${token}` },
    { path: `/auth?client_id=${token}&redirect_uri=${token}&response_type=code` },
    { path: `/session/end?id_token_hint=${token}` },
    { path: `/interaction/${token}` },
    { path: '/session', headers: { cookie: cookies.join('; ') } },
    { path: `/turn-access?token=${token}`, headers },
    { path: `/turn-credential?token=${token}`, headers: { authorization: `Bearer ${token}x` } },
    { path: '/token', ...posted, body: `grant_type=client_credentials&scope=turn&client_secret=${token}` },
  ];
  const functions = ['wwsf', 'partnerWwsf', 'waf', 'partnerWaf', 'isim'] as const;
  return functions.flatMap((to) => requests.map((request) => ({ to, ...request })));
}

/** A token that is not a WAF's statement, and one in the place of a name. */
export function toOperations(token: string): readonly RefusedRequest[] {
  const stated = { method: 'POST', headers: { ...json, authorization: `Bearer ${token}` } };
  const requests: readonly Omit<RefusedRequest, 'to'>[] = [
    { path: '/revocations', ...stated, body: '{"jti":"x"}' },
    { path: '/revocations', ...stated, body: `{"jti":"${token}` },
    { path: '/re-authentications', method: 'POST', headers: json, body: JSON.stringify({ impi: token }) },
    { path: `/${token}` },
    { path: '/turn/revocations', ...stated, body: `{"tids":["${token}"]}` },
    { path: `/turn/allocations?token=${token}`, headers: stated.headers },
  ];
  return requests.map((request) => ({ to: 'operations', ...request }));
}

/** The keys of a SIM, wrongly written or in the wrong place; and a look at whose they are. */
export function toHss(k: string, op: string): readonly RefusedRequest[] {
  const posted = { path: '/subscriptions', method: 'POST', headers: json };
  const known = { impi: 'sina@ims.example', impus: [{ impu: 'sip:sina@ims.example' }] };
  const one = '/subscriptions/sina%40ims.example';
  const requests: readonly Omit<RefusedRequest, 'to'>[] = [
    { ...posted, body: JSON.stringify({ impi: 'x@ims.example', aka: { k: `${k}0`, op } }) },
    { ...posted, body: JSON.stringify({ ...known, aka: { k, op } }) },
    { ...posted, body: `{"aka":{"k":"${k}",` },
    { path: one, method: 'PATCH', headers: json, body: JSON.stringify({ [k]: op }) },
    { path: one },
    { path: '/subscriptions' },
    { path: `/nowhere/${k}` },
  ];
  return requests.map((request) => ({ to: 'hss', ...request }));
}

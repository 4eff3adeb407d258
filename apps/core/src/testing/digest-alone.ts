/**
 * SIP Digest of the S-CSCF without its surroundings: an HSS that says one thing, a user, and a clock that stands.
 *
 * @module
 */
import {
  baseResult,
  type CxHss,
  type DigestAuthDataItem,
  experimentalResult,
  type MultimediaAuthAnswer,
  type MultimediaAuthRequest,
  type SipAuthDataItem,
} from '@wicgate/cx';
import {
  createHa1,
  createResponse,
  DigestClient,
  type DigestUser,
  Headers,
  noBody,
  type SipRequest,
} from '@wicgate/sip';
import { VirtualClock } from '@wicgate/sip/testing';
import { Authentication, type AuthenticationVerdict } from '../authentication/authentication.ts';
import { decideScheme } from '../authentication/authentication-scheme.ts';

export const impi = 'dora@ims.example';
export const impu = 'sip:dora@ims.example';
const secret = { username: impi, realm: 'ims.example', password: 'dora-demo' };
export const item: DigestAuthDataItem = {
  scheme: 'SIP Digest',
  realm: 'ims.example',
  qop: 'auth',
  algorithm: 'MD5',
  ha1: createHa1('MD5', secret),
  alternates: [{ algorithm: 'SHA-256', ha1: createHa1('SHA-256', secret) }],
};
export const nobody: MultimediaAuthAnswer = experimentalResult('DIAMETER_ERROR_USER_UNKNOWN');
export const successWith = (...authItems: readonly SipAuthDataItem[]): MultimediaAuthAnswer => ({
  ...baseResult('DIAMETER_SUCCESS'),
  authItems,
});

/** Without a challenge answered, unless told otherwise. */
export const register = (fields: { readonly authorization?: string; readonly uri?: string } = {}): SipRequest => ({
  method: 'REGISTER',
  requestUri: fields.uri ?? 'sip:ims.example',
  headers: Headers.of(
    ['To', `<${impu}>`],
    ['From', `<${impu}>;tag=1`],
    ['Call-ID', 'one'],
    ['CSeq', '1 REGISTER'],
    ['P-Access-Network-Info', 'IEEE-802.11;network-provided'],
    ...(fields.authorization === undefined ? [] : [['Authorization', fields.authorization] as const]),
  ),
  body: noBody,
});

/** The S-CSCF's part, with an HSS that says `answer`. */
export function startAuthentication(
  answer: MultimediaAuthAnswer | ((request: MultimediaAuthRequest) => MultimediaAuthAnswer) = successWith(item),
  user: DigestUser = { username: impi, password: secret.password },
) {
  const clock = new VirtualClock();
  const told: string[] = [];
  /** One for each response digest that was computed. */
  const checks: string[] = [];
  const asked: MultimediaAuthRequest[] = [];
  const registered = new Set<string>();
  let salt = 0;
  const random = (length: number): Uint8Array => {
    salt += 1;
    return new Uint8Array(length).map((_, index) => salt >> (8 * (index % 4)));
  };
  const hss = {
    multimediaAuth: async (request: MultimediaAuthRequest) => {
      asked.push(request);
      return typeof answer === 'function' ? answer(request) : answer;
    },
  } as unknown as CxHss;
  const authentication = new Authentication({
    hss,
    clock,
    random,
    homeDomain: 'ims.example',
    serverName: () => 'sip:scscf.ims.example',
    digestTargets: () => ['ims.example', '192.0.2.1:8447'],
    counts: { digestChecked: () => checks.push(impi) },
    isRegistered: () => registered.has(impi),
    onUnauthenticated: (user, type) => told.push(`${user.impi} ${type}`),
  });
  const client = new DigestClient({
    findUser: () => user,
    random,
    requireServerProof: true,
  });
  const authenticate = (
    request: SipRequest,
    part: {
      readonly impi?: string;
      readonly impu?: string;
      readonly callId?: string;
      readonly isTlsProtected?: boolean;
    } = {},
  ): Promise<AuthenticationVerdict> =>
    authentication.authenticate({
      request,
      impi,
      impu,
      callId: 'one',
      scheme: decideScheme(request).scheme,
      isTlsProtected: false,
      ...part,
    });
  /** The answer to a challenge. */
  const answerTo = (request: SipRequest, verdict: AuthenticationVerdict): SipRequest =>
    client.retry(request, createResponse(request, 401, { headers: challengesIn(verdict) }));
  return { clock, told, checks, asked, registered, authentication, client, authenticate, answerTo };
}

export function challengesIn(verdict: AuthenticationVerdict): readonly (readonly [string, string])[] {
  return verdict.kind === 'challenge' ? verdict.headers : [];
}

/**
 * The WAF over OpenID Connect (reference points W4 and W5).
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import * as client from 'openid-client';
import { AccessTokenRefused, AccountNotGranted, GrantRefused, SignInFailed, WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { SignIn } from '../sessions/pending-sign-ins.ts';
import { type AccessTokenClaims, readAccessTokenClaims } from './access-token-claims.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { Grant, Identities, Tokens } from './grant.ts';
import { createHttpsFetch, type HttpsFetch } from './https-fetch.ts';
import { RevokedTokens } from './revoked-tokens.ts';
import { createTokenVerification, type VerifyToken } from './token-verification.ts';
import { requestTurnAccess, type TurnAccess } from './turn-access.ts';
import type { Waf } from './waf.ts';
import { WafDiscovery } from './waf-discovery.ts';
import { readWafError } from './waf-error.ts';

export interface OpenIdWafOptions {
  readonly issuer: string;
  /** PEM; undefined trusts the system's authorities. */
  readonly ca: Buffer | undefined;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** Of the access tokens that others may bring; undefined: none. */
  readonly tokenAudience: string | undefined;
  /** Origin of the WWSF. */
  readonly origin: string;
  readonly log: Logger<LogEvent>;
}

const imsScope = 'webrtc-ims-client-access-to-ims';
const scope = `openid offline_access ${imsScope}`;
const timeoutSeconds = 5;
const maxNameLength = 100;

export class OpenIdWaf implements Waf {
  readonly #origin: string;
  readonly #grantLocation: string;
  readonly #https: HttpsFetch;
  readonly #discovery: WafDiscovery;
  readonly #method: client.ClientAuth;
  readonly #tokenAudience: string | undefined;
  readonly #now: () => number;
  readonly #revoked = new RevokedTokens();
  #verify: VerifyToken | undefined;

  constructor(options: OpenIdWafOptions, now: () => number = Date.now) {
    this.#origin = options.origin;
    this.#grantLocation = grantLocationAt(options);
    this.#https = createHttpsFetch(options.ca, options.authentication.certificate);
    this.#discovery = new WafDiscovery({ ...options, fetch: this.#https.fetch, timeoutSeconds });
    this.#method = options.authentication.method;
    this.#tokenAudience = options.tokenAudience;
    this.#now = now;
  }

  /** Looks for the WAF in the background. */
  start(): void {
    void this.#discovery.keepTrying();
  }

  isKnown(): boolean {
    return this.#discovery.known !== undefined;
  }

  async startSignIn(): Promise<{ readonly location: string; readonly signIn: SignIn }> {
    const { strict } = await this.#discovery.read();
    const signIn: SignIn = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const location = client.buildAuthorizationUrl(strict, {
      redirect_uri: `${this.#origin}/callback`,
      scope,
      state: signIn.state,
      nonce: signIn.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(signIn.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { location: location.href, signIn };
  }

  async finishSignIn(callback: URL, { state, nonce, codeVerifier }: SignIn): Promise<Grant> {
    const { strict } = await this.#discovery.read();
    const response = await client
      .authorizationCodeGrant(strict, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      .catch(rethrow);
    const { subject, impi, impus } = readAccessTokenClaims(response.access_token, strict.serverMetadata().issuer);
    const idToken = response.claims();
    if (idToken?.sub !== subject) throw new SignInFailed('access token and ID token name different users');
    const displayName = findName(idToken.name) ?? findName(idToken.preferred_username) ?? nameFromImpu(impus[0]);
    const identities = { subject, displayName, impi, impus };
    return { flow: 'authorization code', identities, tokens: this.#readTokens(response) };
  }

  /** The signature of a new ID token is not checked: fetching keys could fail after the refresh token is spent. */
  async renew({ identities, tokens }: Grant): Promise<Grant> {
    if (tokens.refreshToken === undefined) throw new GrantRefused();
    const { plain } = await this.#discovery.read();
    const response = await client.refreshTokenGrant(plain, tokens.refreshToken).catch(rethrow);
    const { subject, impi, impus } = readAccessTokenClaims(response.access_token, plain.serverMetadata().issuer);
    if (subject !== identities.subject) throw new GrantRefused();
    const renewed = this.#readTokens(response);
    return {
      flow: 'authorization code',
      identities: { ...identities, impi, impus },
      tokens: {
        ...renewed,
        refreshToken: renewed.refreshToken ?? tokens.refreshToken,
        idToken: renewed.idToken ?? tokens.idToken,
      },
    };
  }

  async requestToken(identities: Identities): Promise<Grant> {
    const { plain } = await this.#discovery.read();
    const parameters = new URLSearchParams({ scope: imsScope, impi: identities.impi });
    for (const impu of identities.impus) parameters.append('impu', impu);
    const response = await client.clientCredentialsGrant(plain, parameters).catch(this.#rethrowRefusal);
    const { impi, impus } = readAccessTokenClaims(response.access_token, plain.serverMetadata().issuer);
    checkIdentities(identities, { impi, impus });
    const tokens = { ...this.#readTokens(response), refreshToken: undefined, idToken: undefined };
    return { flow: 'client credentials', identities: { ...identities, impus }, tokens };
  }

  async requestTurnAccess(): Promise<TurnAccess> {
    const { plain: configuration } = await this.#discovery.read();
    return requestTurnAccess({ configuration, method: this.#method, fetch: this.#https.fetch, timeoutSeconds });
  }

  async verifyToken(accessToken: string): Promise<string> {
    const audience = this.#tokenAudience;
    if (audience === undefined || this.#revoked.has(accessToken)) throw new AccessTokenRefused();
    this.#verify ??= await this.#createVerification(audience);
    return this.#verify(accessToken);
  }

  async #createVerification(audience: string): Promise<VerifyToken> {
    const { plain } = await this.#discovery.read();
    const { issuer, jwks_uri: jwksUri } = plain.serverMetadata();
    if (jwksUri === undefined) throw new WafDisagrees('no jwks_uri');
    return createTokenVerification({ issuer, audience, jwksUri, fetch: this.#https.fetch, timeoutSeconds });
  }

  async revoke(token: string, kind: 'access_token' | 'refresh_token'): Promise<void> {
    if (kind === 'access_token') this.#revoked.add(token);
    const { plain } = await this.#discovery.read();
    await client.tokenRevocation(plain, token, { token_type_hint: kind }).catch(rethrow);
  }

  /**
   * The ID token travels in this URL, as RP-Initiated Logout 1.0 has it: it tells the WAF whose session ends, so that
   * no other site can sign the user out. It is no key to anything, and it comes from a POST of the page itself.
   */
  endSessionLocation(idToken: string | undefined): string | undefined {
    const known = this.#discovery.known;
    if (known?.plain.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(known.plain, {
      post_logout_redirect_uri: `${this.#origin}/`,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    }).href;
  }

  stop(): void {
    this.#discovery.stop();
    this.#https.close();
  }

  /** Without a user in it, `invalid_grant` says that the WWSF may not use the account. */
  readonly #rethrowRefusal = (error: unknown): never => {
    const read = readWafError(error);
    throw read instanceof GrantRefused ? new AccountNotGranted(this.#grantLocation) : read;
  };

  #readTokens(response: client.TokenEndpointResponse): Tokens {
    if (response.expires_in === undefined) throw new WafDisagrees('access token without expires_in');
    return {
      accessToken: response.access_token,
      accessTokenExpiresAt: this.#now() + 1_000 * response.expires_in,
      refreshToken: response.refresh_token,
      idToken: response.id_token,
    };
  }
}

function rethrow(error: unknown): never {
  throw readWafError(error);
}

/** A token for anybody else must never reach this browser. @throws {WafDisagrees} */
function checkIdentities(asked: Identities, given: Pick<AccessTokenClaims, 'impi' | 'impus'>): void {
  const isAsked = given.impi === asked.impi && given.impus.every((impu) => asked.impus.includes(impu));
  if (!isAsked) throw new WafDisagrees('access token for other identities than asked for');
}

function grantLocationAt({ issuer, clientId }: OpenIdWafOptions): string {
  const location = new URL('/grants/new', issuer);
  location.searchParams.set('client_id', clientId);
  return location.href;
}

function findName(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim.trim() !== '' ? claim.trim().slice(0, maxNameLength) : undefined;
}

/** `sip:alice@ims.example` is called alice. */
function nameFromImpu(impu: string): string {
  return impu.replace(/^[^:]*:/, '').replace(/[@;].*$/, '');
}

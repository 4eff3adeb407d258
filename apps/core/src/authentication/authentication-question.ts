/**
 * What the HSS is asked to authenticate a user with: CM1, CM2 and CM3 (TS 33.203 6.1.1, 6.1.3, N.2.1.1, P.4.2;
 * TS 29.228 6.3).
 *
 * @module
 */
import type { AkaAuthDataItem, CxHss, MultimediaAuthAnswer, SipAuthDataItem } from '@wicgate/cx';
import { type RefusalReason, RequestRefused } from '../errors.ts';
import type { AuthenticationData, VectorData } from './authentication-data.ts';
import type { AuthenticationScheme } from './authentication-scheme.ts';

export interface AuthenticationQuestionOptions {
  readonly hss: CxHss;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** Realm of the credentials. */
  readonly homeDomain: string;
  /** SIP URI of this S-CSCF. */
  readonly serverName: () => string;
}

export interface Asked {
  readonly impi: string;
  /** Canonical. */
  readonly impu: string;
  /** What the REGISTER relates to (P.4.2). */
  readonly scheme: AuthenticationScheme;
  /** RAND and AUTS, 30 octets, after a failed synchronisation (6.1.3). */
  readonly resynchronisation: Uint8Array | undefined;
}

/**
 * One item of authentication data; of nobody where the HSS does not know the user, or not with this scheme.
 *
 * @throws {RequestRefused} 403 or 500. @throws {CxError}
 */
export async function askForData(asked: Asked, options: AuthenticationQuestionOptions): Promise<AuthenticationData> {
  const { impi, impu, scheme, resynchronisation } = asked;
  const isAka = scheme !== step3 || resynchronisation !== undefined;
  const answer = await options.hss.multimediaAuth({
    impi,
    impu,
    serverName: options.serverName(),
    numberOfAuthItems: 1,
    // TS 29.229 6.3.9 NOTE 1: one name for each version of AKA.
    sipAuthenticationScheme: isAka ? 'Digest-AKAv1-MD5' : 'Unknown',
    sipAuthorization: resynchronisation,
  });
  const item = itemIn(answer);
  return isAka ? vectorData(item, scheme, options) : userData(item, scheme, options);
}

const step3 = 'SIP Digest or NASS-IMS-Bundled Authentication';

function itemIn(answer: MultimediaAuthAnswer): SipAuthDataItem | undefined {
  if (answer.name === 'DIAMETER_UNABLE_TO_COMPLY') throw new RequestRefused('HSS_FAILED');
  if (answer.name !== 'DIAMETER_SUCCESS') return undefined;
  const [item] = answer.authItems;
  if (item === undefined) throw new RequestRefused('HSS_FAILED');
  return item;
}

/** P.4.2 step 3: the scheme is the user's own. */
function userData(
  item: SipAuthDataItem | undefined,
  scheme: AuthenticationScheme,
  options: AuthenticationQuestionOptions,
): AuthenticationData {
  if (item === undefined) return { scheme: 'SIP Digest', item };
  if (item.scheme === 'SIP Digest' && item.realm === options.homeDomain) return { scheme: 'SIP Digest', item };
  if (item.scheme === 'Digest-AKAv1-MD5') return vectorData(item, scheme, options);
  throw new RequestRefused(otherSchemes[item.scheme]);
}

const otherSchemes: Readonly<Record<'SIP Digest' | 'NASS-Bundled', RefusalReason>> = {
  'SIP Digest': 'HSS_FAILED',
  'NASS-Bundled': 'NBA_NOT_SUPPORTED',
};

function vectorData(
  item: SipAuthDataItem | undefined,
  scheme: AuthenticationScheme,
  { random }: AuthenticationQuestionOptions,
): VectorData {
  if (item !== undefined && item.scheme !== 'Digest-AKAv1-MD5') throw new RequestRefused('HSS_FAILED');
  if (item !== undefined && item.sipAuthenticate.length !== 32) throw new RequestRefused('HSS_FAILED');
  const isOverTls = scheme === 'IMS AKA over TLS';
  return {
    scheme: isOverTls ? scheme : 'IMS AKA',
    algorithm: isOverTls ? 'AKAv2-SHA-256' : 'AKAv1-MD5',
    item: item ?? vectorOfNobody(random),
    isKnown: item !== undefined,
    isForIpsec: scheme === 'IMS AKA',
  };
}

function vectorOfNobody(random: (length: number) => Uint8Array): AkaAuthDataItem {
  return {
    scheme: 'Digest-AKAv1-MD5',
    sipAuthenticate: random(32),
    sipAuthorization: random(8),
    confidentialityKey: random(16),
    integrityKey: random(16),
  };
}

/**
 * Which authentication scheme a REGISTER asks for (TS 33.203 P.4.1 and P.4.2), as one table.
 *
 * The first row that matches decides. Only what trusted peers say counts: others cannot set `integrity-protected`, and
 * their access network is named by the CSCF that they reach.
 *
 * @module
 */
import {
  type Authorization,
  isNetworkProvided,
  parseAuthorization,
  parsePAccessNetworkInfo,
  type SipRequest,
} from '@wicgate/sip';

export type AuthenticationScheme =
  | 'IMS AKA'
  | 'IMS AKA over TLS'
  | 'Trusted Node Authentication'
  | 'GPRS-IMS-Bundled Authentication'
  /** The HSS tells which of the two (step 3). */
  | 'SIP Digest or NASS-IMS-Bundled Authentication';

/** What a REGISTER carries of what the table looks at. */
export interface Carried {
  /** Of the Digest credentials: the value of `integrity-protected`, in lower case. */
  readonly integrityProtected: string | undefined;
  /** Of the same credentials, in lower case. */
  readonly algorithm: string | undefined;
  readonly hasCredentials: boolean;
  /** By a P-Access-Network-Info that the network provided; `unknown` where there is none. */
  readonly access: '3GPP' | 'other' | 'unknown';
}

/** What a user is registered by; in subsequent REGISTERs it does not change (P.4.1). */
export type RegisteredScheme = 'IMS AKA' | 'IMS AKA over TLS' | 'Trusted Node Authentication' | 'SIP Digest';

/** What is done about it: `vouch` believes the sender, `challenge` asks the HSS and then the user. */
export type AuthenticationProcedure =
  | 'vouch'
  | 'challenge'
  /** 403. */
  | { readonly refuse: 'NO_AUTHENTICATION_SCHEME' | 'GIBA_NOT_SUPPORTED' };

export interface SchemeRow {
  readonly step: '1' | '1a' | '2' | '3';
  readonly carries: string;
  readonly matches: (carried: Carried) => boolean;
  readonly scheme: AuthenticationScheme;
  readonly procedure: AuthenticationProcedure;
}

export const schemeTable: readonly SchemeRow[] = [
  {
    step: '1',
    carries: 'integrity-protected yes or no',
    matches: ({ integrityProtected }) => integrityProtected === 'yes' || integrityProtected === 'no',
    scheme: 'IMS AKA',
    procedure: 'challenge',
  },
  {
    step: '1',
    carries: 'integrity-protected tls-connected with AKAv2-SHA-256',
    matches: ({ integrityProtected, algorithm }) =>
      integrityProtected === 'tls-connected' && algorithm === 'akav2-sha-256',
    scheme: 'IMS AKA over TLS',
    procedure: 'challenge',
  },
  {
    step: '1a',
    carries: 'integrity-protected auth-done',
    matches: ({ integrityProtected }) => integrityProtected === 'auth-done',
    scheme: 'Trusted Node Authentication',
    procedure: 'vouch',
  },
  {
    step: '2',
    carries: 'no credentials, and no access network or one of 3GPP',
    matches: ({ hasCredentials, access }) => !hasCredentials && access !== 'other',
    scheme: 'GPRS-IMS-Bundled Authentication',
    procedure: { refuse: 'GIBA_NOT_SUPPORTED' },
  },
  {
    // X.2.3.3: the statement is made for AKAv2 alone.
    step: '3',
    carries: 'integrity-protected tls-connected with another algorithm',
    matches: ({ integrityProtected }) => integrityProtected === 'tls-connected',
    scheme: 'SIP Digest or NASS-IMS-Bundled Authentication',
    procedure: { refuse: 'NO_AUTHENTICATION_SCHEME' },
  },
  {
    step: '3',
    carries: 'anything else',
    matches: () => true,
    scheme: 'SIP Digest or NASS-IMS-Bundled Authentication',
    procedure: 'challenge',
  },
];

/** The row for a REGISTER. @throws {HeaderMalformed} Authorization or P-Access-Network-Info is broken. */
export function decideScheme(request: SipRequest): SchemeRow {
  const carried = readCarried(request);
  const row = schemeTable.find(({ matches }) => matches(carried));
  if (row === undefined) throw new TypeError('expected a last row that matches everything');
  return row;
}

/** The Digest credentials that the table looks at: those with a statement of the network, else the first. */
export function findCredentials({ headers }: SipRequest): Authorization | undefined {
  const credentials = headers
    .all('Authorization')
    .map((value) => parseAuthorization(value))
    .filter(({ scheme }) => scheme.toLowerCase() === 'digest');
  return credentials.find(({ params }) => params.has('integrity-protected')) ?? credentials[0];
}

/** The value of `integrity-protected` in lower case (TS 24.229 7.2A.2). @throws {HeaderMalformed} */
export function findIntegrityProtection(request: SipRequest): string | undefined {
  return findCredentials(request)?.params.get('integrity-protected')?.toLowerCase();
}

function readCarried(request: SipRequest): Carried {
  const credentials = findCredentials(request);
  return {
    integrityProtected: credentials?.params.get('integrity-protected')?.toLowerCase(),
    algorithm: credentials?.params.get('algorithm')?.toLowerCase(),
    hasCredentials: credentials !== undefined,
    // Looked at in step 2 only, for which credentials leave no room.
    access: credentials === undefined ? readAccess(request) : 'unknown',
  };
}

/** What the terminal says of its access does not count (NOTE 2). */
function readAccess({ headers }: SipRequest): Carried['access'] {
  const provided = headers
    .all('P-Access-Network-Info')
    .map((value) => parsePAccessNetworkInfo(value))
    .filter(isNetworkProvided);
  if (provided.length === 0) return 'unknown';
  return provided.some(({ access }) => /^3gpp(?:-|$)/iu.test(access)) ? '3GPP' : 'other';
}

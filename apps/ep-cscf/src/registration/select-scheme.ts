/**
 * How the user of a REGISTER is authenticated (TS 33.203 P.3).
 *
 * P.3 knows no Bearer credentials; W2 has them before all else (TS 24.371 7.2.1). Everything on W2 comes over TLS, so of
 * the rest of the clause one branch is left. IPsec and `sec-agree` are not for WebRTC (O.2.3 NOTE 1).
 *
 * @module
 */
import {
  type DigestCredentials,
  type Headers,
  hasBearerCredentials,
  isDigest,
  parseDigestCredentials,
  SipError,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';

export type Scheme = 'web credentials' | 'IMS AKA' | 'SIP Digest';

/** What decides: whether there is a Bearer token, and the readable Digest credentials. */
interface Presented {
  readonly bearer: boolean;
  readonly digest: DigestCredentials | undefined;
}

interface Row {
  /** Undefined: the core challenges, and the user chooses. */
  readonly scheme: Scheme | undefined;
  readonly clause: string;
  readonly fits: (presented: Presented) => boolean;
}

/** The first row that fits. */
export const selection: readonly Row[] = [
  { scheme: 'web credentials', clause: 'TS 33.203 X.3.2.3', fits: ({ bearer }) => bearer },
  { scheme: 'IMS AKA', clause: 'TS 33.203 X.2.3.3', fits: ({ digest }) => isAkaV2(digest) },
  { scheme: 'SIP Digest', clause: 'TS 33.203 O.2.3', fits: ({ digest }) => digest !== undefined },
  { scheme: undefined, clause: 'TS 33.203 O.2.3', fits: () => true },
];

export type Selected =
  | { readonly scheme: 'web credentials' | undefined }
  | { readonly scheme: 'SIP Digest' | 'IMS AKA'; readonly credentials: DigestCredentials };

/**
 * The scheme of the credentials; undefined where there are none.
 *
 * @throws {RequestRefused} there are several Digest credentials: the core would have to guess which we looked at.
 */
export function selectScheme(headers: Headers): Selected {
  const bearer = hasBearerCredentials(headers);
  const digest = bearer ? undefined : findDigestCredentials(headers);
  const scheme = selection.find(({ fits }) => fits({ bearer, digest }))?.scheme;
  if (scheme === undefined || scheme === 'web credentials' || digest === undefined) {
    return { scheme: bearer ? 'web credentials' : undefined };
  }
  return { scheme, credentials: digest };
}

/** What cannot be read is no credential: it goes no further, and the core challenges. */
function findDigestCredentials(headers: Headers): DigestCredentials | undefined {
  const [value, ...more] = headers.all('Authorization').filter(isDigest);
  if (value === undefined) return undefined;
  if (more.length > 0) throw new RequestRefused('several credentials');
  try {
    return parseDigestCredentials(value);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

function isAkaV2(digest: DigestCredentials | undefined): boolean {
  return digest?.algorithm?.toLowerCase() === 'akav2-sha-256';
}

/**
 * Whether a user agent server can carry a request out at all (RFC 3261 8.2).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { parseContentDisposition } from '../headers/content-disposition.ts';
import { parseContentType } from '../headers/content-type.ts';
import { findTokens } from '../headers/token-list.ts';
import type { SipRequest } from '../messages/message.ts';
import { methods as knownMethods } from '../transactions/methods.ts';
import { maxUriCharacters, parseUri } from '../uris/uri.ts';
import { createRefusal, type Refusal, refusalOf } from './refusal.ts';

/** What a user agent server understands. */
export interface Capabilities {
  /** Case-sensitive; those it lists in Allow. */
  readonly methods: readonly string[];
  /** Lower case, without colon: `sip`, `sips`, `tel`. */
  readonly schemes: readonly string[];
  /** Option tags, lower case. */
  readonly extensions: readonly string[];
  /** Lower case: `application/sdp`, or a whole type such as `multipart/*`. */
  readonly contentTypes: readonly string[];
  /** Lower case; `identity` goes without saying. */
  readonly contentEncodings: readonly string[];
  /** Lower case, of bodies: `en`; undefined takes any. */
  readonly contentLanguages?: readonly string[] | undefined;
}

type Step = (request: SipRequest, capabilities: Capabilities) => Refusal | undefined;

/** In the order of RFC 3261 8.2, which the first refusal ends. */
export const inspectionSteps: readonly (readonly [clause: string, step: Step])[] = [
  ['8.2.1', inspectMethod],
  ['8.2.2.1', inspectRequestUri],
  ['8.2.2.3', inspectRequire],
  ['8.2.3', inspectContent],
];

/**
 * How to refuse `request`: 405 or 501, 416, 414, 420, 415 or 400; undefined where it may be carried out. Who is meant (404)
 * and whether it merges with another one (482, `MergedRequests`) is not looked at. An ACK is never refused.
 */
export function inspectRequest(request: SipRequest, capabilities: Capabilities): Refusal | undefined {
  if (request.method === 'ACK') return undefined;
  try {
    for (const [, step] of inspectionSteps) {
      const refusal = step(request, capabilities);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  } catch (error) {
    if (error instanceof SipError) return refusalOf(error);
    throw error;
  }
}

/** 405 for a method of SIP that is not offered here, 501 for one that is none (21.4.6, 21.5.2). */
function inspectMethod({ method }: SipRequest, { methods }: Capabilities): Refusal | undefined {
  if (methods.includes(method)) return undefined;
  return createRefusal(knownMethods.includes(method) ? 405 : 501, ['Allow', methods.join(', ')]);
}

/** 416, and 414 for one that is longer than is read here (21.4.13, 21.4.12). */
function inspectRequestUri({ requestUri }: SipRequest, { schemes }: Capabilities): Refusal | undefined {
  const scheme = requestUri.slice(0, requestUri.indexOf(':')).toLowerCase();
  if (!schemes.includes(scheme)) return createRefusal(416);
  if (requestUri.length > maxUriCharacters) return createRefusal(414);
  if (scheme === 'sip' || scheme === 'sips' || scheme === 'tel') parseUri(requestUri, 'Request-URI');
  return undefined;
}

/** Not in a CANCEL, where Require has no place (8.2.2.3). */
function inspectRequire({ method, headers }: SipRequest, { extensions }: Capabilities): Refusal | undefined {
  if (method === 'CANCEL') return undefined;
  const unsupported = findTokens(headers, 'Require').filter((tag) => !extensions.includes(tag.toLowerCase()));
  return unsupported.length === 0 ? undefined : createRefusal(420, ['Unsupported', unsupported.join(', ')]);
}

function inspectContent(request: SipRequest, capabilities: Capabilities): Refusal | undefined {
  const { headers, body } = request;
  if (body.length === 0) return undefined;
  const type = headers.first('Content-Type');
  if (type === undefined) return { ...createRefusal(400), reasonPhrase: 'Missing Content-Type' };
  const { mediaType } = parseContentType(type);
  const isOptional = isOptionalBody(request);
  if (isOptional) return undefined;
  const { contentTypes, contentEncodings, contentLanguages } = capabilities;
  if (!hasMediaType(contentTypes, mediaType)) return createRefusal(415, ['Accept', contentTypes.join(', ')]);
  const encodings = findTokens(headers, 'Content-Encoding').map((coding) => coding.toLowerCase());
  if (encodings.some((coding) => coding !== 'identity' && !contentEncodings.includes(coding))) {
    return createRefusal(415, ['Accept-Encoding', ['identity', ...contentEncodings].join(', ')]);
  }
  const languages = headers.all('Content-Language').map((language) => language.toLowerCase());
  if (contentLanguages === undefined || languages.every((language) => contentLanguages.includes(language))) {
    return undefined;
  }
  return createRefusal(415, ['Accept-Language', contentLanguages.join(', ')]);
}

/** A body that may be passed over (20.11). */
function isOptionalBody({ headers }: SipRequest): boolean {
  const disposition = headers.first('Content-Disposition');
  if (disposition === undefined) return false;
  return parseContentDisposition(disposition).params.get('handling')?.toLowerCase() === 'optional';
}

function hasMediaType(contentTypes: readonly string[], mediaType: string): boolean {
  const wholeType = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`;
  return contentTypes.some((type) => type === mediaType || type === wholeType || type === '*/*');
}

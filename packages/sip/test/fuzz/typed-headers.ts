/**
 * Every typed header of the package: reads a value and holds it to the fixed point of parse and format.
 *
 * @module
 */
import { SipError } from '../../src/errors.ts';
import { formatAuthenticationInfo, parseAuthenticationInfo } from '../../src/headers/authentication-info.ts';
import { parseAuthorization } from '../../src/headers/authorization.ts';
import { formatDigestCredentials, parseDigestCredentials } from '../../src/headers/authorization-digest.ts';
import { parseChallenges } from '../../src/headers/challenge.ts';
import { formatContact, parseContact } from '../../src/headers/contact.ts';
import { formatContentDisposition, parseContentDisposition } from '../../src/headers/content-disposition.ts';
import { formatContentType, parseContentType } from '../../src/headers/content-type.ts';
import { formatCSeq, parseCSeq } from '../../src/headers/cseq.ts';
import { formatDate, parseDate } from '../../src/headers/date.ts';
import { formatEvent, parseEvent } from '../../src/headers/event.ts';
import { formatExpires, parseExpires } from '../../src/headers/expires.ts';
import { formatExtTurnCred, parseExtTurnCred } from '../../src/headers/ext-turn-cred.ts';
import { formatFeatureParams, parseFeatureParams } from '../../src/headers/feature-params.ts';
import { formatFlowTimer, parseFlowTimer } from '../../src/headers/flow-timer.ts';
import { formatGeolocation, parseGeolocation } from '../../src/headers/geolocation.ts';
import { formatHistoryInfo, parseHistoryInfo } from '../../src/headers/history-info.ts';
import { formatIdentity, parseIdentity } from '../../src/headers/identity.ts';
import { formatInfoPackage, parseInfoPackage } from '../../src/headers/info-package.ts';
import { formatMinSe, parseMinSe } from '../../src/headers/min-se.ts';
import { formatNameAddr, parseNameAddr } from '../../src/headers/name-addr.ts';
import { formatPAccessNetworkInfo, parsePAccessNetworkInfo } from '../../src/headers/p-access-network-info.ts';
import {
  formatPChargingFunctionAddresses,
  parsePChargingFunctionAddresses,
} from '../../src/headers/p-charging-function-addresses.ts';
import { formatPChargingVector, parsePChargingVector } from '../../src/headers/p-charging-vector.ts';
import { formatPVisitedNetworkId, parsePVisitedNetworkId } from '../../src/headers/p-visited-network-id.ts';
import { formatPrivacy, parsePrivacy } from '../../src/headers/privacy.ts';
import { formatRAck, parseRAck } from '../../src/headers/rack.ts';
import { formatReason, parseReason } from '../../src/headers/reason.ts';
import { formatRecvInfo, parseRecvInfo } from '../../src/headers/recv-info.ts';
import { formatReferSub, parseReferSub } from '../../src/headers/refer-sub.ts';
import { formatReferTo, parseReferTo } from '../../src/headers/refer-to.ts';
import { formatReferredBy, parseReferredBy } from '../../src/headers/referred-by.ts';
import { formatReplaces, parseReplaces } from '../../src/headers/replaces.ts';
import { formatRetryAfter, parseRetryAfter } from '../../src/headers/retry-after.ts';
import { formatRSeq, parseRSeq } from '../../src/headers/rseq.ts';
import { formatSecurityMechanism, parseSecurityMechanism } from '../../src/headers/security-mechanism.ts';
import { formatSessionExpires, parseSessionExpires } from '../../src/headers/session-expires.ts';
import { formatSubscriptionState, parseSubscriptionState } from '../../src/headers/subscription-state.ts';
import { formatTargetDialog, parseTargetDialog } from '../../src/headers/target-dialog.ts';
import { formatVia, parseVia } from '../../src/headers/via.ts';
import { formatWarning, parseWarning } from '../../src/headers/warning.ts';
import { formatUri, parseUri } from '../../src/uris/uri.ts';

/** @throws {Error} the value is read, and then writing it and reading that again does not give the same. */
type Read = (value: string) => void;

const nameAddr = (header: string): Read => held((value) => parseNameAddr(value, header), formatNameAddr);
const featureParams = held((value) => parseFeatureParams(value), formatFeatureParams);
const mechanism = held((value) => parseSecurityMechanism(value), formatSecurityMechanism);
const challenges: Read = (value) => void accept(() => parseChallenges(value));
const authenticationInfo = held((value) => parseAuthenticationInfo(value), formatAuthenticationInfo);
const digest = held((value) => parseDigestCredentials(value), formatDigestCredentials);
const credentials: Read = (value) => {
  accept(() => parseAuthorization(value));
  digest(value);
};

/** Long forms in lower case. */
const readers: ReadonlyMap<string, Read> = new Map([
  ['accept-contact', featureParams],
  ['authentication-info', authenticationInfo],
  ['authorization', credentials],
  ['contact', held(parseContact, formatContact)],
  ['content-disposition', held(parseContentDisposition, formatContentDisposition)],
  ['content-type', held((value) => parseContentType(value), formatContentType)],
  ['cseq', held(parseCSeq, formatCSeq)],
  ['date', held(parseDate, formatDate)],
  ['event', held(parseEvent, formatEvent)],
  ['expires', held((value) => parseExpires(value), formatExpires)],
  ['3gpp-ext-turn-cred', held(parseExtTurnCred, formatExtTurnCred)],
  ['flow-timer', held(parseFlowTimer, formatFlowTimer)],
  ['from', nameAddr('From')],
  ['geolocation', held(parseGeolocation, formatGeolocation)],
  ['history-info', held(parseHistoryInfo, formatHistoryInfo)],
  ['identity', held(parseIdentity, formatIdentity)],
  ['info-package', held((value) => parseInfoPackage(value), formatInfoPackage)],
  ['min-se', held(parseMinSe, formatMinSe)],
  ['p-access-network-info', held(parsePAccessNetworkInfo, formatPAccessNetworkInfo)],
  ['p-asserted-identity', nameAddr('P-Asserted-Identity')],
  ['p-associated-uri', nameAddr('P-Associated-URI')],
  ['p-called-party-id', nameAddr('P-Called-Party-ID')],
  ['p-charging-function-addresses', held(parsePChargingFunctionAddresses, formatPChargingFunctionAddresses)],
  ['p-charging-vector', held(parsePChargingVector, formatPChargingVector)],
  ['p-preferred-identity', nameAddr('P-Preferred-Identity')],
  ['p-visited-network-id', held(parsePVisitedNetworkId, formatPVisitedNetworkId)],
  ['path', nameAddr('Path')],
  ['privacy', held(parsePrivacy, formatPrivacy)],
  ['proxy-authenticate', challenges],
  ['proxy-authentication-info', authenticationInfo],
  ['proxy-authorization', credentials],
  ['rack', held(parseRAck, formatRAck)],
  ['reason', held(parseReason, formatReason)],
  ['record-route', nameAddr('Record-Route')],
  ['recv-info', held(parseRecvInfo, formatRecvInfo)],
  ['refer-sub', held(parseReferSub, formatReferSub)],
  ['refer-to', held(parseReferTo, formatReferTo)],
  ['referred-by', held(parseReferredBy, formatReferredBy)],
  ['reject-contact', featureParams],
  ['replaces', held(parseReplaces, formatReplaces)],
  ['retry-after', held(parseRetryAfter, formatRetryAfter)],
  ['route', nameAddr('Route')],
  ['rseq', held(parseRSeq, formatRSeq)],
  ['security-client', mechanism],
  ['security-server', mechanism],
  ['security-verify', mechanism],
  ['service-route', nameAddr('Service-Route')],
  ['session-expires', held(parseSessionExpires, formatSessionExpires)],
  ['subscription-state', held(parseSubscriptionState, formatSubscriptionState)],
  ['target-dialog', held(parseTargetDialog, formatTargetDialog)],
  ['to', nameAddr('To')],
  ['via', held(parseVia, formatVia)],
  ['warning', held(parseWarning, formatWarning)],
  ['www-authenticate', challenges],
]);

/** The keys of the header fields that have a type. */
export const typedKeys: readonly string[] = [...readers.keys()];

/** Values that were read once: most of a mutated message is as it was. */
const known = new Set<string>();

/** Reads a value that will come again often, so that {@link readHeader} need not. @throws {Error} see {@link Read}. */
export function rememberHeader(key: string, value: string): void {
  readHeader(key, value);
  known.add(value);
}

/** @throws {Error} see {@link Read}. */
export function readHeader(key: string, value: string): void {
  if (!known.has(value)) readers.get(key)?.(value);
}

const holdUri = held((value) => parseUri(value), formatUri);

/** @throws {Error} see {@link Read}. */
export function readUri(text: string): void {
  holdUri(text);
}

/** Reads, writes, and reads what was written. A value that is refused at first is what it is. */
function held<T>(parse: (value: string) => T, format: (read: T) => string): Read {
  return (value) => {
    const read = accept(() => parse(value));
    if (read === undefined) return;
    const text = format(read);
    const again = format(parse(text));
    if (again !== text) throw new Error(`expected a fixed point: ${JSON.stringify([value, text, again])}`);
  };
}

/** Undefined where a SipError says so; any other error goes on. */
export function accept<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

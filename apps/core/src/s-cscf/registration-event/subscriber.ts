/**
 * Who may watch the registrations of a user (TS 24.229 5.4.2.1.1 step 1): the user, and the P-CSCFs on the way to them.
 *
 * @module
 */
import { canonicalImpu, findAssertedIdentity, parseNameAddr, parseUri, SipError } from '@wicgate/sip';
import type { ArrivedRequest } from '../../mw/arrive.ts';
import { hostPort } from '../../mw/host-port.ts';
import type { Registration } from '../registrations.ts';

/** Who asks, as P-Asserted-Identity says (TS 24.229 5.4.2.1.1 NOTE 1). */
export interface RegistrationSubscriber {
  /** Canonical identities; none where a peer that is not trusted asks. */
  readonly impus: readonly string[];
  /** `host:port` of the same, as a node of the network has it. */
  readonly address: string | undefined;
}

/** @throws {HeaderMalformed} */
export function readSubscriber({ request: { headers }, isTrusted }: ArrivedRequest): RegistrationSubscriber {
  const { sip, tel } = findAssertedIdentity(headers, 'P-Asserted-Identity');
  if (!isTrusted) return { impus: [], address: undefined };
  const uris = [sip, tel].filter((identity) => identity !== undefined).map(({ uri }) => uri);
  return { impus: uris.map((uri) => canonicalImpu(uri)), address: sip && addressOf(sip.uri) };
}

/** Whether it is the user. */
export function isUserOf({ impus }: RegistrationSubscriber, registration: Registration): boolean {
  return impus.some((impu) => registration.impus.includes(impu));
}

/** No list of application servers comes with the profile, so that none may. */
export function mayWatch(subscriber: RegistrationSubscriber, registration: Registration): boolean {
  const { address } = subscriber;
  return isUserOf(subscriber, registration) || (address !== undefined && pathAddresses(registration).includes(address));
}

/** Of every P-CSCF that the user is attached to, and of what stands before it. */
function pathAddresses({ bindings }: Registration): readonly (string | undefined)[] {
  return [...bindings.values()].flatMap(({ path }) => path.map((value) => addressOf(parseNameAddr(value, 'Path').uri)));
}

/** Undefined for what is no SIP URI with a host. */
function addressOf(text: string): string | undefined {
  try {
    const uri = parseUri(text);
    return uri.scheme === 'tel' ? undefined : hostPort(uri.host, uri.port ?? defaultPort);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/** Of SIP over TLS (RFC 3261 19.1.2). */
const defaultPort = 5_061;

/**
 * Where a called user can be reached (TS 24.229 5.4.3.3, RFC 3327 5.3, RFC 5626 6).
 *
 * @module
 */
import { canonicalImpu, type ForwardedRequest, prepareForward, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { recordRoute } from './record-route.ts';
import type { Binding, Registration, Registrations } from './registrations.ts';

export interface TerminatingTarget extends ForwardedRequest {
  readonly registration: Registration;
  readonly key: string;
  readonly binding: Binding;
  /** The caller is led to contacts of a lower one when those of a higher one have refused (RFC 3261 16.6). */
  readonly q: number | undefined;
}

/**
 * The request as it goes to each contact of the called user; `address` is that of this S-CSCF.
 *
 * @throws {RequestRefused} 404: no identity that may be called; 480: not registered. @throws {HeaderMalformed}
 */
export function findTargets(
  registrations: Registrations,
  request: SipRequest,
  address: string,
): readonly TerminatingTarget[] {
  const impu = canonicalImpu(request.requestUri);
  const found = registrations.ofImpu(impu);
  if (found.length > 0 && !found.some(({ impus }) => impus.includes(impu))) throw new RequestRefused('USER_BARRED');
  const targets = found.flatMap((registration) =>
    newestFlows(registration).map(([key, binding]) => ({
      registration,
      key,
      binding,
      q: binding.contact.q,
      ...addressTo(binding, request, address),
    })),
  );
  if (targets.length === 0) throw new RequestRefused('USER_NOT_REGISTERED');
  return targets;
}

/** Of several flows to one instance only the newest is used (RFC 5626 6). */
function newestFlows({ bindings }: Registration): readonly (readonly [string, Binding])[] {
  const newest = new Map<string, readonly [string, Binding]>();
  for (const [key, binding] of withoutEmergency([...bindings])) {
    const device = binding.contact.instance ?? key;
    const other = newest.get(device);
    if (other === undefined || other[1].updatedAt <= binding.updatedAt) newest.set(device, [key, binding]);
  }
  return [...newest.values()];
}

/** An emergency registration is there to be called back by, where nothing else is (TS 24.229 5.4.8.2). */
function withoutEmergency(bindings: readonly (readonly [string, Binding])[]): readonly (readonly [string, Binding])[] {
  const others = bindings.filter(([, { contact }]) => !contact.isEmergency);
  return others.length > 0 ? others : bindings;
}

/** By way of the Path, or to the contact itself. */
function addressTo({ path, contact }: Binding, request: SipRequest, address: string): ForwardedRequest {
  const called = request.headers.without('Route').set('P-Called-Party-ID', `<${request.requestUri}>`);
  const headers = path.length === 0 ? called : called.with('Route', path.join(', '));
  const options = { requestUri: contact.uri, ...recordRoute(request, contact.uri, address) };
  return prepareForward({ ...request, headers }, options);
}

/**
 * Where a called user can be reached (TS 24.229 5.4.3.3, RFC 3327 5.3, RFC 5626 6).
 *
 * @module
 */
import { canonicalImpu, parseNameAddr, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { Binding, Registration, Registrations } from './registrations.ts';

export interface TerminatingTarget {
  readonly registration: Registration;
  readonly key: string;
  readonly binding: Binding;
  readonly request: SipRequest;
  /** URI of the next hop: the top of the Path, or the contact itself. */
  readonly firstHop: string;
}

/**
 * The request as it goes to each contact of the called user.
 *
 * @throws {RequestRefused} 404: no identity that may be called; 480: not registered. @throws {HeaderMalformed}
 */
export function findTargets(registrations: Registrations, request: SipRequest): readonly TerminatingTarget[] {
  const impu = canonicalImpu(request.requestUri);
  const found = registrations.ofImpu(impu);
  if (found.length > 0 && !found.some(({ impus }) => impus.includes(impu))) throw new RequestRefused('USER_BARRED');
  const targets = found.flatMap((registration) =>
    newestFlows(registration).map(([key, binding]) => createTarget(registration, key, binding, request)),
  );
  if (targets.length === 0) throw new RequestRefused('USER_NOT_REGISTERED');
  return targets;
}

/** Of several flows to one instance only the newest is used (RFC 5626 6). */
function newestFlows({ bindings }: Registration): readonly (readonly [string, Binding])[] {
  const newest = new Map<string, readonly [string, Binding]>();
  for (const [key, binding] of bindings) {
    const device = binding.contact.instance ?? key;
    const other = newest.get(device);
    if (other === undefined || other[1].updatedAt <= binding.updatedAt) newest.set(device, [key, binding]);
  }
  return [...newest.values()];
}

function createTarget(
  registration: Registration,
  key: string,
  binding: Binding,
  request: SipRequest,
): TerminatingTarget {
  const { path, contact } = binding;
  const called = request.headers.without('Route').set('P-Called-Party-ID', `<${request.requestUri}>`);
  const headers = path.length === 0 ? called : called.with('Route', path.join(', '));
  const [top] = path;
  const firstHop = top === undefined ? contact.uri : parseNameAddr(top, 'Path').uri;
  return { registration, key, binding, request: { ...request, requestUri: contact.uri, headers }, firstHop };
}

/**
 * Ranges of identities over HTTP.
 *
 *     GET    /identity-ranges          POST /identity-ranges
 *     GET    /identity-ranges/:impi    PUT and DELETE the same
 *
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { RangeUnknown } from '../errors.ts';
import type { IdentityRangeInput, RangeReplacementInput } from './identity-range-input.ts';
import type { CountedRange, IdentityRanges } from './identity-ranges.ts';

/** Bodies go on as they came: {@link IdentityRanges} reads them. */
export function addIdentityRangeRoutes(server: FastifyInstance, ranges: IdentityRanges): void {
  const all = '/identity-ranges';
  const one = `${all}/:impi`;

  server.get(all, async () => ({ identityRanges: (await ranges.list()).map(rangeJson) }));
  server.post<{ Body: IdentityRangeInput }>(all, async (request, reply) => {
    const created = await ranges.create(request.body);
    reply.code(201).header('location', `${all}/${encodeURIComponent(created.range.impi)}`);
    return rangeJson(created);
  });
  server.get<{ Params: { impi: string } }>(one, async (request) => {
    const found = await ranges.find(request.params.impi);
    if (found === undefined) throw new RangeUnknown();
    return rangeJson(found);
  });
  server.put<{ Params: { impi: string }; Body: RangeReplacementInput }>(one, async (request) => {
    const changed = await ranges.replace(request.params.impi, request.body);
    return { ...rangeJson(changed), notifications: changed.notifications };
  });
  server.delete<{ Params: { impi: string } }>(one, async (request) => ({
    notifications: await ranges.delete(request.params.impi),
  }));
}

function rangeJson({ range, registered }: CountedRange) {
  const { allowedWafWwsfIdentities, ...rest } = range;
  return { ...rest, allowedWafWwsfIdentities: allowedWafWwsfIdentities ?? null, registered };
}

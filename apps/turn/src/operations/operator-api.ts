/**
 * What the operator, and the gateway on the network's behalf, tell the TURN server on the operations listener: which
 * credentials are withdrawn, and whether the server is taken out of service.
 *
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger, Operations, OperationsAnswer, OperationsRequest, RouteHandler } from '@wicgate/node-kit';
import { z } from 'zod';
import type { AllocationTable } from '../allocations/allocation-table.ts';
import type { Clock } from '../clock.ts';
import type { TurnLogEvent } from '../log-event.ts';
import type { Drain } from './drain.ts';
import { listAllocations } from './list-allocations.ts';
import type { Revocations } from './revocations.ts';

export interface OperatorApiParts {
  readonly token: string;
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
  readonly allocations: AllocationTable;
  readonly revocations: Revocations;
  readonly drain: Drain;
}

const revocation = z.strictObject({
  /** Long enough for the user names of RFC 8489 14.3. */
  tids: z.array(z.string().min(1).max(508)).min(1).max(1_000),
  /** Unix seconds; the number of digits tells milliseconds, which would last for ages. */
  until: z.number().int().min(0).max(9_999_999_999),
});
const expectedRevocation = 'expected {"tids": ["..."], "until": <Unix seconds>} with 1 to 1000 tids';

/** Each of them asks for the operator's token first. The returned function takes the routes away again. */
export function addOperatorApi(operations: Operations, parts: OperatorApiParts): () => void {
  const { token, allocations, drain, log } = parts;
  const guarded = guardBy(token);
  const removers = [
    operations.addRoute(
      'POST',
      '/turn/revocations',
      guarded(({ body }) => revoke(body, parts)),
    ),
    operations.addRoute(
      'POST',
      '/turn/drain',
      guarded(() => {
        drain.begin();
        log.info({ event: 'turn.drain.begun', allocations: allocations.size });
        return { status: 204 };
      }),
    ),
    operations.addRoute(
      'DELETE',
      '/turn/drain',
      guarded(() => {
        drain.end();
        log.info({ event: 'turn.drain.ended' });
        return { status: 204 };
      }),
    ),
    operations.addRoute(
      'GET',
      '/turn/allocations',
      guarded(() => ({ status: 200, body: { draining: drain.isDraining, ...listAllocations(allocations) } })),
    ),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}

/** Allocations end at once, and the credentials open no other until then. */
function revoke(body: string, { clock, log, allocations, revocations }: OperatorApiParts): OperationsAnswer {
  const read = readRevocation(body);
  if (read === undefined) return problem(400, expectedRevocation);
  let isRoom = true;
  let ended = 0;
  for (const tid of read.tids) {
    isRoom = revocations.add(tid, read.until, clock.now()) && isRoom;
    ended += allocations.endUser(tid, 'revoked');
  }
  log.info({ event: 'turn.credential.revoked', credentials: read.tids.length, allocations: ended });
  if (isRoom) return { status: 204 };
  return problem(503, 'expected room for another revocation; the allocations have ended, the credentials still count');
}

function readRevocation(body: string): z.output<typeof revocation> | undefined {
  try {
    return revocation.parse(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Compares digests: that takes the same time whatever the length and content of what came. */
function guardBy(token: string): (handle: RouteHandler) => RouteHandler {
  const expected = digestOf(`Bearer ${token}`);
  return (handle) => (request) => (isFrom(request, expected) ? handle(request) : refusal);
}

const refusal: OperationsAnswer = {
  status: 401,
  body: { error: 'expected the token of TURN_OPERATOR_TOKEN as Bearer' },
  headers: { 'www-authenticate': 'Bearer' },
};

function isFrom({ headers }: OperationsRequest, expected: Buffer): boolean {
  return timingSafeEqual(digestOf(headers.authorization ?? ''), expected);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function problem(status: number, detail: string): OperationsAnswer {
  return { status, body: { error: detail } };
}

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

const expectedRevocation = 'expected {"tids": ["..."], "until": <Unix seconds>}';
const expectedTids = 'tids: expected a list of 1 to 1000';
const expectedUntil = 'until: expected a whole number of Unix seconds';

/** Tids have 16 to 64 digits (TS 33.203 X.5.2.2-3 leaves that to us), the ids of tokens and static users 32. */
const tid = z
  .string('tids: expected text in each')
  .regex(
    /^[0-9a-f]{16,64}$/i,
    'tids: expected each as GET /turn/allocations shows it, 16 to 64 hexadecimal digits: ' +
      'a Tid without Texp, or the id of an access token or a static user',
  );

const revocation = z.strictObject(
  {
    tids: z.array(tid, expectedTids).min(1, expectedTids).max(1_000, expectedTids),
    /** The number of digits tells milliseconds, which would last for ages. */
    until: z
      .number(expectedUntil)
      .int(expectedUntil)
      .min(0, expectedUntil)
      .max(9_999_999_999, `${expectedUntil}, not milliseconds`),
  },
  expectedRevocation,
);

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
  const read = readRevocation(body, clock.now());
  if (typeof read === 'string') return problem(400, read);
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

/** What the operator asks for, or what was expected instead, which never repeats what came. */
function readRevocation(body: string, nowMs: number): z.output<typeof revocation> | string {
  const result = revocation.safeParse(findJson(body));
  if (!result.success) return result.error.issues[0]?.message ?? expectedRevocation;
  return 1_000 * result.data.until > nowMs ? result.data : 'until: expected a time to come, in Unix seconds';
}

/** Undefined where it is none. */
function findJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
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

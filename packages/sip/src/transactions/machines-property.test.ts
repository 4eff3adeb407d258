import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError, TransportFailed } from '../errors.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { RecordingHost } from '../testing/recording-host.ts';
import { type InviteClientState, InviteClientTransaction } from './invite-client.ts';
import { type InviteServerState, InviteServerTransaction } from './invite-server.ts';
import { type NonInviteClientState, NonInviteClientTransaction } from './non-invite-client.ts';
import { type NonInviteServerState, NonInviteServerTransaction } from './non-invite-server.ts';

class Host extends RecordingHost {
  sendCancel(): void {
    this.log.push('send CANCEL');
  }
}

type Machine =
  | InviteClientTransaction
  | InviteServerTransaction
  | NonInviteClientTransaction
  | NonInviteServerTransaction;
type State = InviteClientState | InviteServerState | NonInviteClientState | NonInviteServerState;

interface Kind {
  readonly name: string;
  readonly request: SipRequest;
  readonly create: (request: SipRequest, host: Host) => Machine;
  /** Where it stays when nobody does anything any more: the user has not decided. */
  readonly resting: readonly State[];
}

const kinds: readonly Kind[] = [
  {
    name: 'INVITE client',
    request: createRequest('INVITE'),
    create: (request, host) => new InviteClientTransaction(request, host),
    resting: ['proceeding', 'terminated'],
  },
  {
    name: 'INVITE server',
    request: createRequest('INVITE'),
    create: (request, host) => new InviteServerTransaction(request, host),
    resting: ['proceeding', 'terminated'],
  },
  {
    name: 'non-INVITE client',
    request: createRequest('MESSAGE'),
    create: (request, host) => new NonInviteClientTransaction(request, host),
    resting: ['terminated'],
  },
  {
    name: 'non-INVITE server',
    request: createRequest('MESSAGE'),
    create: (request, host) => new NonInviteServerTransaction(request, host),
    resting: ['terminated'],
  },
];

type Step =
  | { readonly type: 'response'; readonly statusCode: number }
  | { readonly type: 'request' | 'ACK' | 'cancel' | 'fail' | 'close' | 'break' }
  | { readonly type: 'wait'; readonly ms: number };

const step = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.constantFrom(100, 101, 180, 199, 200, 202, 299, 300, 401, 487, 503, 600, 699).map((statusCode) => ({
    type: 'response' as const,
    statusCode,
  })),
  fc.constantFrom<Step['type']>('request', 'ACK', 'cancel', 'fail', 'close', 'break').map((type) => ({ type }) as Step),
  fc.constantFrom(0, 1, 200, 500, 3_500, 5_000, 28_500, 32_000).map((ms) => ({ type: 'wait' as const, ms })),
);

function drive(machine: Machine, host: Host, { request }: Kind, given: Step): void {
  if (given.type === 'wait') host.clock.advance(given.ms);
  else if (given.type === 'break') host.isBroken = !host.isBroken;
  else if (given.type === 'fail') machine.fail(new TransportFailed('gone'));
  else if (given.type === 'response') {
    const response = createResponse(request, given.statusCode, { toTag: 'x' });
    if ('respond' in machine) machine.respond(response);
    else machine.receive(response);
  } else if (given.type === 'cancel') {
    if (machine instanceof InviteClientTransaction) machine.cancel();
  } else if ('respond' in machine) {
    if (given.type === 'close') machine.close(new TransportFailed('gone'));
    else machine.receive(given.type === 'ACK' ? { ...request, method: 'ACK' } : request);
  }
}

/** Whether `error` is one that the docstring of respond() names. */
function isExpected(error: unknown, given: Step): boolean {
  if (error instanceof SipError) return 'code' in error && error.code === 'ERR_SIP_RESPONSE_OUT_OF_TURN';
  return error instanceof TypeError && given.type === 'response' && given.statusCode > 100 && given.statusCode < 200;
}

describe.each(kinds)('$name transaction', (kind) => {
  it('[RFC 3261 17] comes to its end whatever happens, says so once, and leaves no timer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 25, size: 'max' }), async (reliable, steps) => {
        const host = new Host(reliable);
        const machine = kind.create(kind.request, host);
        for (const given of steps) {
          try {
            drive(machine, host, kind, given);
          } catch (error) {
            if (!isExpected(error, given)) throw error;
          }
          await host.clock.run(0);
          if (machine.state === 'terminated') expect(host.clock.pending).toBe(0);
        }
        await host.clock.run(1_000_000);
        expect(host.clock.pending).toBe(0);
        expect(kind.resting).toContain(machine.state);
        const forgotten = host.log.indexOf('forget');
        expect(forgotten >= 0).toBe(machine.state === 'terminated');
        if (forgotten < 0) return;
        // After that only what ended it is told.
        expect(
          host.log.slice(forgotten + 1).filter((line) => !/^inform (?:timeout|transport error)$/u.test(line)),
        ).toEqual([]);
        expect(host.log.length - forgotten).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});

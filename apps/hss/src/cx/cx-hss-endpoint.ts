/**
 * The HSS end of Cx: each command is one transaction, logged, counted, and answered in every case.
 *
 * @module
 */
import { baseResult, type CxHss, type CxResult } from '@wicgate/cx';
import type { HssLogger } from '../events.ts';
import type { SubscriptionRecords, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { locationInfo } from './location-info.ts';
import { multimediaAuth } from './multimedia-auth.ts';
import type { Outcome } from './outcome.ts';
import { serverAssignment } from './server-assignment.ts';
import { userAuthorization } from './user-authorization.ts';

type Command = 'UAR' | 'MAR' | 'SAR' | 'LIR';

export interface CxHssEndpointOptions {
  readonly store: SubscriptionStore;
  /** In lower case. */
  readonly homeDomain: string;
  readonly log: HssLogger;
  readonly hashIdentity: (impi: string) => string;
  /** Counts an answer. */
  readonly count: (command: Command, result: CxResult) => void;
}

export function createCxHssEndpoint({ store, homeDomain, log, hashIdentity, count }: CxHssEndpointOptions): CxHss {
  async function answer<Answer extends CxResult>(
    command: Command,
    impi: string | undefined,
    procedure: (records: SubscriptionRecords) => Promise<Outcome<Answer>>,
  ): Promise<Answer | ReturnType<typeof unableToComply>> {
    const result = await carryOut(procedure).catch((cause: unknown) => {
      const effect = `${command} answered with DIAMETER_UNABLE_TO_COMPLY`;
      log.error({ event: 'cx.failed', command, cause, effect, action: 'check the database file and the disk' });
      return unableToComply();
    });
    count(command, result);
    const user = impi === undefined ? undefined : hashIdentity(impi);
    log.debug({ event: 'cx.answered', command, result: result.name, impi: user });
    return result;
  }

  function carryOut<Answer>(procedure: (records: SubscriptionRecords) => Promise<Outcome<Answer>>): Promise<Answer> {
    return store.transaction(async (records) => {
      const outcome = await procedure(records);
      if (outcome.changed !== undefined) await records.put(outcome.changed);
      return outcome.answer;
    });
  }

  return {
    userAuthorization: (request) =>
      answer('UAR', request.impi, (records) => userAuthorization(records, request, homeDomain)),
    multimediaAuth: (request) => answer('MAR', request.impi, (records) => multimediaAuth(records, request, homeDomain)),
    serverAssignment: (request) => answer('SAR', request.impi, (records) => serverAssignment(records, request)),
    locationInfo: (request) => answer('LIR', undefined, (records) => locationInfo(records, request)),
  };
}

function unableToComply() {
  return baseResult('DIAMETER_UNABLE_TO_COMPLY');
}

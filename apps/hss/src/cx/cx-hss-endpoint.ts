/**
 * The HSS end of Cx: each command is one transaction, logged, counted, and answered in every case.
 *
 * @module
 */
import {
  baseResult,
  type CxHss,
  type CxResult,
  type MultimediaAuthAnswer,
  type MultimediaAuthRequest,
} from '@wicgate/cx';
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
  /** That many octets, from a cryptographic generator. */
  readonly randomOctets: (count: number) => Uint8Array;
  /** Counts an answer. */
  readonly count: (command: Command, result: CxResult) => void;
}

export function createCxHssEndpoint(options: CxHssEndpointOptions): CxHss {
  const { store, homeDomain, log, hashIdentity, randomOctets, count } = options;
  async function answer<Answer extends CxResult>(
    command: Command,
    impi: string | undefined,
    procedure: (records: SubscriptionRecords) => Promise<Outcome<Answer>>,
  ): Promise<Answer | ReturnType<typeof unableToComply>> {
    const result = await carryOut(procedure).catch((cause: unknown) => {
      const action = 'check the database file and the disk; where SQN is used up, give the user a new K';
      const effect = `${command} answered with DIAMETER_UNABLE_TO_COMPLY`;
      log.error({ event: 'cx.failed', command, cause, effect, action });
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

  function multimediaAuthOf(request: MultimediaAuthRequest): Promise<MultimediaAuthAnswer> {
    const impi = request.impi;
    const onAutsRejected = (): void => log.warn({ event: 'aka.auts-rejected', impi: hashIdentity(impi) });
    const surroundings = { realm: homeDomain, randomOctets, onAutsRejected };
    return answer('MAR', impi, (records) => multimediaAuth(records, request, surroundings));
  }

  return {
    userAuthorization: (request) =>
      answer('UAR', request.impi, (records) => userAuthorization(records, request, homeDomain)),
    multimediaAuth: multimediaAuthOf,
    serverAssignment: (request) => answer('SAR', request.impi, (records) => serverAssignment(records, request)),
    locationInfo: (request) => answer('LIR', undefined, (records) => locationInfo(records, request)),
  };
}

function unableToComply() {
  return baseResult('DIAMETER_UNABLE_TO_COMPLY');
}

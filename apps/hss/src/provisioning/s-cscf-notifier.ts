/**
 * RTR and PPR toward the S-CSCF that serves a subscription (TS 29.228 6.1.3 and 6.2.2), with what came of them.
 *
 * @module
 */
import {
  CxError,
  type CxResult,
  type CxSCscf,
  type EmergencyRegistration,
  type PushProfileRequest,
  type RegistrationTerminationRequest,
} from '@wicgate/cx';
import type { HssLogger } from '../events.ts';

/** A command to an S-CSCF, and its result. */
export interface Notification {
  readonly command: 'RTR' | 'PPR';
  /** The identities it was about. */
  readonly impus: readonly string[];
  /** Name of the result, or code of the error where no answer came. */
  readonly result: CxResult['name'] | CxError['code'];
}

/** What came of a RTR. */
export interface Terminated {
  readonly notification: Notification;
  /** Pairs that stay registered, for an emergency. */
  readonly emergencies: readonly EmergencyRegistration[];
}

export interface SCscfNotifierOptions {
  readonly sCscf: (serverName: string) => CxSCscf;
  readonly log: HssLogger;
  readonly hashIdentity: (impi: string) => string;
  readonly count: (command: 'RTR' | 'PPR', result: string) => void;
}

export class SCscfNotifier {
  readonly #options: SCscfNotifierOptions;

  constructor(options: SCscfNotifierOptions) {
    this.#options = options;
  }

  async terminateRegistration(serverName: string, request: RegistrationTerminationRequest): Promise<Terminated> {
    let emergencies: readonly EmergencyRegistration[] = [];
    const send = async (): Promise<CxResult> => {
      const answer = await this.#options.sCscf(serverName).registrationTermination(request);
      if (answer.name !== 'DIAMETER_SUCCESS') emergencies = answer.identitiesWithEmergencyRegistration;
      return answer;
    };
    const result = await this.#send('RTR', request.impi, send);
    return { notification: { command: 'RTR', impus: request.impus, result }, emergencies };
  }

  async pushProfile(serverName: string, request: PushProfileRequest): Promise<Notification> {
    const send = (): Promise<CxResult> => this.#options.sCscf(serverName).pushProfile(request);
    const impus = request.userProfile?.implicitRegistrationSet.map(({ impu }) => impu) ?? [];
    return { command: 'PPR', impus, result: await this.#send('PPR', request.impi, send) };
  }

  async #send(command: 'RTR' | 'PPR', impi: string, send: () => Promise<CxResult>): Promise<Notification['result']> {
    const { log, hashIdentity, count } = this.#options;
    try {
      const { name } = await send();
      count(command, name);
      log.info({ event: 'cx.notified', command, result: name, impi: hashIdentity(impi) });
      return name;
    } catch (error) {
      if (!(error instanceof CxError)) throw error;
      count(command, error.code);
      log.warn({ event: 'cx.unanswered', command, code: error.code, impi: hashIdentity(impi) });
      return error.code;
    }
  }
}

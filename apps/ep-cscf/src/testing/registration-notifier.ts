/**
 * The registration event of a scripted core: takes the SUBSCRIBEs of the eP-CSCF, and sends the NOTIFYs that a test
 * wants.
 *
 * @module
 */
import { encodeReginfo, type Reginfo, type ReginfoContact, type ReginfoRegistration } from '@wicgate/reg-event';
import { createResponse, Headers, noBody, parseNameAddr, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { ScriptedCore } from './scripted-core.ts';

/** One contact of one identity. */
export interface ToldContact extends Pick<ReginfoContact, 'uri' | 'event'> {
  readonly aor: string;
  readonly expiresSeconds?: number;
  /** `+sip.instance` and `reg-id`, as written. */
  readonly params?: readonly (readonly [string, string])[];
}

const ending: ReadonlySet<string> = new Set(['expired', 'deactivated', 'probation', 'unregistered', 'rejected']);

/** Whether it is the eP-CSCF that asks, and not a WIC behind it. */
export function isOfEdge({ method, headers }: SipRequest): boolean {
  return method === 'SUBSCRIBE' && headers.first('Contact')?.startsWith('<sip:reg@') === true;
}

export class RegistrationNotifier {
  readonly #core: ScriptedCore;
  readonly #subscribe: SipRequest;
  #cseq = 0;
  #version = -1;

  /** @param subscribe a first SUBSCRIBE, answered 200. */
  constructor(core: ScriptedCore, subscribe: SipRequest) {
    this.#core = core;
    this.#subscribe = subscribe;
  }

  /** The first SUBSCRIBE of the eP-CSCF for `impu` that nobody has taken. */
  static async of(core: ScriptedCore, impu: string, number = 1): Promise<RegistrationNotifier> {
    const isOne = (request: SipRequest): boolean => isFirst(request) && request.requestUri === impu;
    return new RegistrationNotifier(core, await core.nextSubscribe(isOne, number));
  }

  get subscribe(): SipRequest {
    return this.#subscribe;
  }

  /** Full state with everything that `contacts` names, or only that as what has changed. */
  notify(
    contacts: readonly ToldContact[],
    {
      state = 'full',
      subscriptionState = 'active;expires=600',
    }: { state?: Reginfo['state']; subscriptionState?: string } = {},
  ): Promise<SipResponse> {
    this.#version += 1;
    const registrations = Map.groupBy(contacts, ({ aor }) => aor);
    const document: Reginfo = {
      version: this.#version,
      state,
      registrations: [...registrations].map(([aor, told], index) => describe(aor, told, index)),
    };
    return this.send(encodeReginfo(document), subscriptionState);
  }

  /** A NOTIFY was lost on the way. */
  leaveGap(): void {
    this.#version += 1;
  }

  send(
    body: Uint8Array,
    subscriptionState = 'active;expires=600',
    changes: Readonly<Record<string, string>> = {},
  ): Promise<SipResponse> {
    this.#cseq += 1;
    const { headers } = this.#subscribe;
    const fields = {
      'Max-Forwards': '70',
      'From': `${headers.first('To') ?? ''};tag=core`,
      'To': headers.first('From') ?? '',
      'Call-ID': headers.first('Call-ID') ?? '',
      'CSeq': `${this.#cseq} NOTIFY`,
      'Contact': `<sip:reg@127.0.0.1:${this.#core.ports.sCscf};transport=tls>`,
      'Event': 'reg',
      'Subscription-State': subscriptionState,
      'Content-Type': 'application/reginfo+xml',
      ...changes,
    };
    const requestUri = parseNameAddr(headers.first('Contact') ?? '').uri;
    const request = { method: 'NOTIFY', requestUri, headers: Headers.of(...Object.entries(fields)), body };
    return this.#core.send({ ...request, body: body.length === 0 ? noBody : body });
  }
}

/** What a notifier answers a SUBSCRIBE of the eP-CSCF with. */
export function acceptSubscribe(request: SipRequest, sCscfPort: number): SipResponse {
  return createResponse(request, 200, {
    toTag: 'core',
    headers: [
      ['Expires', request.headers.first('Expires') ?? ''],
      ['Contact', `<sip:reg@127.0.0.1:${sCscfPort};transport=tls>`],
    ],
  });
}

function isFirst({ headers }: SipRequest): boolean {
  return headers.first('To')?.includes(';tag=') !== true;
}

function describe(aor: string, told: readonly ToldContact[], index: number): ReginfoRegistration {
  const contacts = told.map((each) => contactOf(each, `${index} ${each.uri}`));
  const isActive = contacts.some(({ state }) => state === 'active');
  return { aor, id: `r${index}`, state: isActive ? 'active' : 'terminated', contacts };
}

function contactOf({ uri, event, expiresSeconds, params = [] }: ToldContact, id: string): ReginfoContact {
  return {
    id,
    state: ending.has(event) ? 'terminated' : 'active',
    event,
    expiresSeconds,
    retryAfterSeconds: undefined,
    durationRegisteredSeconds: undefined,
    q: undefined,
    callId: undefined,
    cseq: undefined,
    uri,
    displayName: undefined,
    unknownParams: new Map(params),
    pubGruu: undefined,
    tempGruu: undefined,
  };
}

/**
 * One who subscribes to the registrations of a user, at the scripted eP-CSCF: a WIC behind it, or the eP-CSCF itself.
 *
 * @module
 */
import { decodeReginfo, type Reginfo, ReginfoView } from '@wicgate/reg-event';
import { createResponse, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { Identities } from './identities.ts';
import type { Destination, RegisterFields, ScriptedEdge } from './scripted-edge.ts';
import { registered, startNetwork, type TestNetwork } from './test-network.ts';

export interface WatcherFields {
  /** Whose registrations. */
  readonly impu?: string;
  /** P-Asserted-Identity; '' leaves it out. */
  readonly asserted?: string;
  readonly expires?: number;
  /** The Service-Route of a user; without it the SUBSCRIBE goes to the I-CSCF. */
  readonly serviceRoute?: string;
  readonly edge?: ScriptedEdge;
  readonly from?: string;
}

/** One NOTIFY, read. */
export interface Told {
  /** Value of Subscription-State. */
  readonly state: string;
  readonly reginfo: Reginfo;
  /** `aor state` of each registration, and `aor contact event state` of each contact. */
  readonly outline: readonly string[];
  readonly request: SipRequest;
}

export class Watcher {
  readonly view = new ReginfoView();
  readonly edge: ScriptedEdge;
  readonly subscribe: SipRequest;
  /** What a NOTIFY is answered with. */
  statusCode = 200;
  readonly #seen = new Set<SipRequest>();
  readonly #destination: Destination;
  readonly #sCscf: Destination;
  #cseq = 1;
  #response: SipResponse | undefined;

  constructor(network: TestNetwork, user: string, fields: WatcherFields = {}) {
    const { impu = `sip:${user}@ims.example`, expires = 3_600, serviceRoute, edge = network.edge } = fields;
    const asserted = fields.asserted ?? impu;
    this.edge = edge;
    this.#sCscf = network.sCscf;
    this.#destination = serviceRoute === undefined ? network.iCscf : network.sCscf;
    this.subscribe = edge.createRequest({
      method: 'SUBSCRIBE',
      uri: impu,
      from: fields.from ?? impu,
      to: impu,
      headers: [
        ...(serviceRoute === undefined ? [] : [['Route', serviceRoute] as const]),
        ...(asserted === '' ? [] : [['P-Asserted-Identity', `<${asserted}>`] as const]),
        ['Record-Route', edge.route('watcher')],
        ['Contact', `<sip:watcher@${edge.address};transport=tls>`],
        ['Event', 'reg'],
        ['Expires', String(expires)],
        ['Accept', 'application/reginfo+xml'],
      ],
    });
  }

  /** A SUBSCRIBE of the user, by the Service-Route. */
  static async ofUser(network: TestNetwork, user: string, serviceRoute: string): Promise<Watcher> {
    const watcher = new Watcher(network, user, { serviceRoute });
    await watcher.send();
    return watcher;
  }

  /** The answer to the SUBSCRIBE. */
  async send(): Promise<SipResponse> {
    this.#response = await (await this.edge.send(this.subscribe, this.#destination)).final;
    return this.#response;
  }

  /** The answer to one in the dialog. */
  async renew(expires: number, headers: readonly (readonly [string, string])[] = []): Promise<SipResponse> {
    this.#cseq += 1;
    const first = this.#response?.headers;
    const request = this.edge.createRequest({
      method: 'SUBSCRIBE',
      uri: /<(?<uri>[^>]+)>/u.exec(first?.first('Contact') ?? '')?.groups?.uri ?? '',
      from: this.subscribe.headers.first('From') ?? '',
      to: first?.first('To') ?? '',
      callId: this.subscribe.headers.first('Call-ID') ?? '',
      cseq: this.#cseq,
      headers: [
        ['Contact', this.subscribe.headers.first('Contact') ?? ''],
        ['Event', 'reg'],
        ['Expires', String(expires)],
        ...headers,
      ],
    });
    return (await this.edge.send(request, this.#sCscf)).final;
  }

  /** The next NOTIFY, answered. */
  async next(): Promise<Told> {
    const callId = this.subscribe.headers.first('Call-ID');
    const transaction = await this.edge.arrive(
      'NOTIFY',
      (request) => request.headers.first('Call-ID') === callId && !this.#seen.has(request),
    );
    const { request } = transaction;
    this.#seen.add(request);
    transaction.respond(createResponse(request, this.statusCode));
    const reginfo = decodeReginfo(request.body);
    this.view.apply(reginfo);
    return { state: request.headers.first('Subscription-State') ?? '', reginfo, outline: outlineOf(reginfo), request };
  }

  /** NOTIFYs that came and were not looked at yet. */
  get waiting(): number {
    const callId = this.subscribe.headers.first('Call-ID');
    return this.edge.arrivals.all.filter(
      ({ request }) =>
        request.method === 'NOTIFY' && request.headers.first('Call-ID') === callId && !this.#seen.has(request),
    ).length;
  }
}

export interface Watched {
  readonly network: TestNetwork;
  readonly serviceRoute: string;
  readonly watcher: Watcher;
}

/** Alice is registered, and watches that. */
export async function startWatched(identities: Identities, fields: RegisterFields): Promise<Watched> {
  const network = await startNetwork(identities);
  const serviceRoute = await registered(network, 'alice', fields);
  return { network, serviceRoute, watcher: await Watcher.ofUser(network, 'alice', serviceRoute) };
}

function outlineOf({ registrations }: Reginfo): readonly string[] {
  return registrations.flatMap(({ aor, state, contacts }) => [
    `${aor} ${state}`,
    ...contacts.map((contact) => `${aor} ${contact.uri} ${contact.event} ${contact.state}`),
  ]);
}

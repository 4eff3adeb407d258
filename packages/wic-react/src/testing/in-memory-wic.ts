/**
 * One WIC of an {@link InMemoryNetwork}.
 *
 * @module
 */
import {
  type Activity,
  type Call,
  describeFailure,
  type FailureDetail,
  type MediaPath,
  type PreCallState,
  type RegistrationFailure,
  type RegistrationScheme,
  type RegistrationState,
  type RelayProblem,
  TargetInvalid,
  type Wic,
} from '@wicgate/wic-sdk';
import { InMemoryCall, type OpenMedia } from './in-memory-call.ts';
import type { InMemoryNetwork } from './in-memory-network.ts';
import { InMemoryPreCallTest } from './in-memory-pre-call-test.ts';
import { ObservableValue } from './observable-value.ts';

export interface InMemoryWicOptions {
  readonly impu: string;
  /** WICs of one browser share one registration. By default each is a browser of its own. */
  readonly browser?: string;
  readonly openMedia?: OpenMedia;
  /** Every REGISTER is refused for this reason. */
  readonly refusal?: RegistrationFailure;
  /** What is told beside `refusal`. */
  readonly refusalDetail?: FailureDetail;
  /** How it registers; by an access token of the web by default. */
  readonly scheme?: RegistrationScheme;
  /** The private identity, where the page knows it. */
  readonly impi?: string;
  /** Public identities that are registered with the first one. */
  readonly impus?: readonly string[];
  /** Rings during a call, too, instead of being busy. */
  readonly callWaiting?: boolean;
  /** The network vouches for nobody where this one calls. */
  readonly anonymous?: boolean;
  /** The way that media take in its calls; direct by default. */
  readonly path?: MediaPath;
  /** Its calls may only go through a relay, and find none. */
  readonly relayProblem?: RelayProblem;
  /** What comes of a test before a call; all is well by default. */
  readonly preCall?: PreCallState;
}

const direct: MediaPath = { ownRelay: undefined, farRelay: undefined };
const retryMs = 4_000;
const registrationMs = 600_000_000;
/** How long a call that ended stays in the list. */
const lingerMs = 1_000;

export class InMemoryWic implements Wic {
  readonly impu: string;
  readonly browser: string;
  readonly isAnonymous: boolean;
  readonly registration = new ObservableValue<RegistrationState>({ status: 'not registered' });
  readonly calls = new ObservableValue<readonly Call[]>([]);
  readonly activity = new ObservableValue<Activity>({ status: 'active' });
  readonly preCallTest: InMemoryPreCallTest;
  readonly #network: InMemoryNetwork;
  readonly #openMedia: OpenMedia;
  readonly #options: InMemoryWicOptions;
  readonly #callWaiting: boolean;
  #wanted = false;

  constructor(network: InMemoryNetwork, options: InMemoryWicOptions) {
    const { impu, browser, openMedia, callWaiting, anonymous } = options;
    this.#network = network;
    this.#options = options;
    this.impu = impu;
    this.preCallTest = new InMemoryPreCallTest(options.preCall);
    this.browser = browser ?? crypto.randomUUID();
    this.#openMedia = openMedia ?? (async () => undefined);
    this.isAnonymous = anonymous ?? false;
    this.#callWaiting = callWaiting ?? false;
  }

  get isRegistered(): boolean {
    return this.registration.getSnapshot().status === 'registered';
  }

  get takesCalls(): boolean {
    return this.#callWaiting || this.calls.getSnapshot().every((call) => call.getSnapshot().end !== undefined);
  }

  readonly register = async (): Promise<void> => {
    this.#wanted = true;
    await this.#connect();
  };

  readonly deregister = async (): Promise<void> => {
    this.#wanted = false;
    await Promise.resolve();
    this.registration.set({ status: 'not registered' });
  };

  readonly retryNow = (): void => this.lineChanged();

  readonly useHere = (): void => {
    this.#network.move(this);
    this.activity.set({ status: 'active' });
    void this.register();
  };

  readonly call = (target: string, media: { readonly video: boolean }): Call => {
    const uri = this.#resolve(target);
    const peer = { uri, displayName: this.#network.displayName(uri) };
    const call = this.#track('outgoing', peer, media.video);
    void this.#place(call, uri, media.video);
    return call;
  };

  readonly close = (): void => {
    this.#wanted = false;
    for (const call of this.calls.getSnapshot()) call.hangUp();
    this.#network.forget(this);
    this.registration.set({ status: 'not registered' });
  };

  /** For the network: a call to us comes in. */
  offer(peer: Call['peer'], offersVideo: boolean): InMemoryCall {
    return this.#track('incoming', peer, offersVideo);
  }

  /** For the network: another tab of this browser takes over. */
  displace(): void {
    this.activity.set({ status: 'elsewhere' });
    this.registration.set({ status: 'not registered' });
  }

  /** For the network: the line went, or is back. */
  lineChanged(): void {
    if (this.#wanted && this.activity.getSnapshot().status === 'active') void this.#connect();
  }

  async #connect(): Promise<void> {
    if (!this.#network.claim(this)) return this.displace();
    if (!this.#network.isUp) {
      this.registration.set({ status: 'registering', attempt: 2, retryAtMs: Date.now() + retryMs });
      return;
    }
    this.registration.set({ status: 'registering', attempt: 1, retryAtMs: undefined });
    await Promise.resolve();
    if (!this.#wanted) return;
    const { refusal, refusalDetail, scheme = 'web', impi, impus = [] } = this.#options;
    if (refusal !== undefined) return this.registration.set(describeFailure(refusal, refusalDetail));
    this.registration.set({
      status: 'registered',
      scheme,
      impu: this.impu,
      impus: [this.impu, ...impus],
      impi,
      displayName: this.#network.displayName(this.impu),
      expiresAtMs: Date.now() + registrationMs,
      gateway: `wss://ep-cscf.${this.#network.homeDomain}/`,
    });
  }

  async #place(call: InMemoryCall, impu: string, video: boolean): Promise<void> {
    if (!(await call.open(video))) return;
    const { relayProblem } = this.#options;
    if (relayProblem !== undefined) return call.finish({ by: 'local', cause: 'no relay', relayProblem });
    const cause = this.#network.route(call, this, impu, video);
    if (cause !== undefined) call.finish({ by: 'remote', cause });
  }

  #track(direction: Call['direction'], peer: Call['peer'], offersVideo: boolean): InMemoryCall {
    const over = (ended: InMemoryCall): void => {
      setTimeout(() => this.calls.set(this.calls.getSnapshot().filter((other) => other !== ended)), lingerMs);
    };
    const { path = direct } = this.#options;
    const call = new InMemoryCall({ direction, peer, offersVideo, openMedia: this.#openMedia, path, over });
    this.calls.set([...this.calls.getSnapshot(), call]);
    return call;
  }

  /** @throws {TargetInvalid} neither a name, nor user@domain, nor a sip: URI. */
  #resolve(target: string): string {
    const text = target.trim().replace(/^sip:/i, '');
    if (/^[\w.+-]+$/.test(text)) return `sip:${text}@${this.#network.homeDomain}`;
    if (/^[\w.+-]+@[\w.-]+$/.test(text)) return `sip:${text}`;
    throw new TargetInvalid('a name, user@domain or a sip: URI');
  }
}

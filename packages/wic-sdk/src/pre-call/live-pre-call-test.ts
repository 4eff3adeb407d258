/**
 * The test before a call: its steps, and what they hold.
 *
 * @module
 */
import type { Access } from '../calls/access.ts';
import type { CallList } from '../calls/call-list.ts';
import { ObservableValue } from '../observable-value.ts';
import type { TurnCredential } from '../registration/turn-credential.ts';
import type { IceTransportPolicy, WicOptions } from '../wic.ts';
import { initialState } from './initial-state.ts';
import type { MicrophoneStep, PreCallState, PreCallTest, RelayStep, SpeakerStep } from './pre-call-test.ts';
import { Run } from './run.ts';
import { SpeakerTest } from './speaker-test.ts';
import { testCamera } from './test-camera.ts';
import { testLoopback } from './test-loopback.ts';
import { testMicrophone } from './test-microphone.ts';
import { testRelay } from './test-relay.ts';
import { testSignalling } from './test-signalling.ts';
import { judgeResults } from './verdict.ts';

export interface LivePreCallTestOptions {
  readonly access: Pick<Access, 'platform' | 'line' | 'homeDomain' | 'registered' | 'rtcConfiguration'>;
  readonly wic: Pick<WicOptions, 'epCscfUrl' | 'turnUris'>;
  readonly callList: Pick<CallList, 'calls' | 'isBusy'>;
}

/** In case a configuration names a whole farm. */
const maxRelays = 16;

export class LivePreCallTest implements PreCallTest {
  readonly microphoneLevel = new ObservableValue(0);
  readonly #options: LivePreCallTestOptions;
  readonly #state: ObservableValue<PreCallState>;
  readonly #speaker: SpeakerTest;
  /** Ends with {@link stop}. */
  #run: Run;
  /** Ends with the run, when another microphone is chosen, and when there is nothing more to listen for. */
  #microphoneRun: Run;
  #microphone: MediaStream | undefined;
  /** Settles when it is known of the microphone chosen last whether it hears anything. */
  #listening: Promise<void> = Promise.resolve();

  constructor(options: LivePreCallTestOptions) {
    const { platform } = options.access;
    this.#options = options;
    this.#state = new ObservableValue(this.#initial());
    this.#run = new Run(platform.clock);
    this.#microphoneRun = new Run(platform.clock);
    this.#speaker = new SpeakerTest({
      sound: platform.sound,
      read: () => this.getSnapshot().speaker,
      change: (change) => this.#changeSpeaker(change),
    });
    options.callList.calls.subscribe(() => this.#onCalls());
  }

  readonly getSnapshot = (): PreCallState => this.#state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  readonly start = (): void => {
    if (this.getSnapshot().status === 'running') return;
    this.#endAll();
    this.#state.set({ ...this.#initial(), status: this.#options.callList.isBusy ? 'in call' : 'running' });
    if (this.getSnapshot().status !== 'running') return;
    const run = this.#newRun();
    // A fault of ours leaves no camera on.
    void this.#perform(run).finally(() => run.isOver || this.stop());
  };

  readonly stop = (): void => {
    this.#endAll();
    if (this.getSnapshot().status !== 'idle') this.#state.set(this.#initial());
  };

  readonly playTone = (): void => {
    if (this.#isOpen && !this.#options.callList.isBusy) this.#speaker.play(this.#run);
  };

  readonly answerTone = (heard: boolean): void => {
    if (this.#isOpen) this.#speaker.answer(heard);
  };

  readonly skipTone = (): void => {
    if (this.#isOpen) this.#speaker.skip();
  };

  readonly chooseMicrophone = (id: string): void => {
    if (!this.#isOpen || this.#options.callList.isBusy) return;
    this.#change('microphone', { chosen: id });
    this.#listen(id);
    const run = this.#microphoneRun;
    void this.#listening.then(() => {
      // When all else is done nothing needs it any more.
      if (this.getSnapshot().status === 'done') run.end();
    });
  };

  readonly chooseSpeaker = (id: string): void => {
    if (this.#isOpen) this.#change('speaker', { chosen: id });
  };

  /** There are results, or will be. */
  get #isOpen(): boolean {
    const { status } = this.getSnapshot();
    return status === 'running' || status === 'done';
  }

  get #policy(): IceTransportPolicy {
    return this.#options.access.rtcConfiguration.iceTransportPolicy ?? 'all';
  }

  async #perform(run: Run): Promise<void> {
    this.#listen(undefined);
    await this.#listening;
    if (run.isOver) return;
    // Nobody is waited for: the rest goes on while the person listens.
    await Promise.all([this.#speaker.run(run, this.#options.access.platform), this.#performRest(run)]);
    await this.#heardOut();
    if (!run.isOver) this.#finish();
  }

  async #performRest(run: Run): Promise<void> {
    const { access, wic } = this.#options;
    const { platform } = access;
    await testCamera({ platform, run, change: (change) => this.#change('camera', change) });
    if (run.isOver) return;
    const credential = await testSignalling({ access, run, change: (change) => this.#change('signalling', change) });
    const uri = await this.#testRelays(run, credential);
    if (run.isOver) return;
    await testLoopback({
      platform,
      run,
      change: (change) => this.#change('loopback', change),
      through: uri === undefined || credential === undefined ? undefined : { uri, credential },
      microphone: this.#microphone,
      isOffered: wic.turnUris.length > 0,
    });
  }

  /** The first that works, of those over UDP if there is one. */
  async #testRelays(run: Run, credential: TurnCredential | undefined): Promise<string | undefined> {
    const { platform } = this.#options.access;
    const found: RelayStep[] = [];
    for (const [index, step] of this.getSnapshot().relays.entries()) {
      const change = (changed: Partial<RelayStep>): void => this.#changeRelay(index, changed);
      if (run.isOver) return undefined;
      if (await testRelay({ platform, run, change, uri: step.uri, credential })) found.push(step);
    }
    return (found.find(({ relay }) => relay.transport === 'UDP') ?? found[0])?.uri;
  }

  #listen(deviceId: string | undefined): void {
    const { platform } = this.#options.access;
    this.#microphoneRun.end();
    const run = new Run(platform.clock);
    this.#microphoneRun = run;
    const change = (changed: Partial<MicrophoneStep>): void => {
      if (run === this.#microphoneRun) this.#change('microphone', changed);
    };
    const listening = testMicrophone({ platform, run, level: this.microphoneLevel, change, deviceId });
    this.#listening = listening.then((opened) => {
      if (run === this.#microphoneRun) this.#microphone = opened;
    });
  }

  /** Another one may have been chosen meanwhile. */
  async #heardOut(): Promise<void> {
    let heard: Promise<void> | undefined;
    while (heard !== this.#listening) {
      heard = this.#listening;
      await heard;
    }
  }

  /** Lamps go out; what was found stays. */
  #finish(): void {
    this.#endAll();
    const results = this.getSnapshot();
    this.#state.set({ ...results, status: 'done', verdict: judgeResults(results, this.#policy) });
    // Of the tone something may still be said.
    this.#newRun();
  }

  #newRun(): Run {
    this.#run = new Run(this.#options.access.platform.clock);
    return this.#run;
  }

  #endAll(): void {
    this.#run.end();
    this.#microphoneRun.end();
    this.#microphone = undefined;
  }

  /** A call needs the devices, and would suffer from the rest. What was found before stays. */
  #onCalls(): void {
    const { status, microphone } = this.getSnapshot();
    if (!this.#options.callList.isBusy) {
      if (status === 'in call') this.#state.set(this.#initial());
    } else if (status === 'running' || microphone.status === 'running') {
      this.#endAll();
      this.#state.set({ ...this.#initial(), status: 'in call' });
    } else if (status === 'done') {
      this.#endAll();
      this.#newRun();
    }
  }

  #changeSpeaker(change: Partial<SpeakerStep>): void {
    if (this.#isOpen) this.#change('speaker', change);
  }

  #change<Name extends 'microphone' | 'speaker' | 'camera' | 'signalling' | 'loopback'>(
    name: Name,
    change: Partial<PreCallState[Name]>,
  ): void {
    const before = this.getSnapshot();
    this.#set({ ...before, [name]: { ...before[name], ...change } });
  }

  #changeRelay(index: number, change: Partial<RelayStep>): void {
    const before = this.getSnapshot();
    this.#set({ ...before, relays: before.relays.map((step, at) => (at === index ? { ...step, ...change } : step)) });
  }

  #set(state: PreCallState): void {
    const verdict = state.status === 'done' ? judgeResults(state, this.#policy) : undefined;
    this.#state.set({ ...state, verdict });
  }

  #initial(): PreCallState {
    const { epCscfUrl, turnUris } = this.#options.wic;
    return initialState(epCscfUrl, turnUris.slice(0, maxRelays));
  }
}

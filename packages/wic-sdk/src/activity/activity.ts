/**
 * One registration a browser: which of its tabs holds it (Web Locks API).
 *
 * The holder has an exclusive lock. The others wait in the queue of the lock: the next of them takes over by itself
 * only when the lock becomes free, that is when the holder is closed, or has signed out.
 *
 * @module
 */
import { ObservableValue } from '../observable-value.ts';
import type { Platform } from '../platform.ts';
import type { Activity as ActivityState } from '../wic.ts';

export interface ActivityOptions {
  readonly platform: Platform;
  /** What there may be one of in a browser. */
  readonly name: string;
  /** This tab got the lock later than it asked for it. */
  readonly onTakenOver: () => void;
  /** Another tab asks for it: resolves when this one has let go of the network. */
  readonly onAsked: () => Promise<void>;
  /** The person signs out in another tab: resolves when this one has let go of the network, for good. */
  readonly onSignedOut: () => Promise<void>;
  /** Another tab is active now. */
  readonly onLost: () => void;
}

/** How long the former holder may take to end its calls and its registration. */
const yieldTimeoutMs = 2_500;
const wantMessage = 'wicgate: use here';
const signOutMessage = 'wicgate: signed out';
const yieldedMessage = 'wicgate: yielded';

export class Activity {
  readonly state = new ObservableValue<ActivityState>({ status: 'active' });
  readonly #options: ActivityOptions;
  readonly #channel: BroadcastChannel | undefined;
  /** Lets go of the lock; undefined where we have none. */
  #release: (() => void) | undefined;
  #acquiring: Promise<boolean> | undefined;
  #stopWaiting: AbortController | undefined;
  #onYielded: () => void = () => undefined;
  #isClosed = false;

  constructor(options: ActivityOptions) {
    this.#options = options;
    if (options.platform.locks === undefined) return;
    this.#channel = new options.platform.BroadcastChannel(options.name);
    this.#channel.onmessage = ({ data }: MessageEvent) => this.#onMessage(data);
  }

  /** Whether this tab may register; if not, it waits for the lock from now on. */
  acquire(): Promise<boolean> {
    this.#acquiring ??= this.#acquire().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  async #acquire(): Promise<boolean> {
    // What was closed on this page just now lets go first.
    await Promise.resolve();
    if (this.#options.platform.locks === undefined && !this.#isActive) this.state.set({ status: 'active' });
    if (this.#options.platform.locks === undefined || this.#release !== undefined) return true;
    const isHeld = await this.#request({ ifAvailable: true });
    if (isHeld) this.state.set({ status: 'active' });
    else this.#wait();
    return isHeld;
  }

  /** Takes the lock from the tab that has it, after that tab has let go of the network, or did not answer. */
  async take(): Promise<void> {
    const { platform } = this.#options;
    if (this.#isClosed) return;
    if (platform.locks === undefined && !this.#isActive) this.#onGranted();
    if (platform.locks === undefined || this.#release !== undefined) return;
    await this.#ask(wantMessage);
    if (this.#isClosed || this.#release !== undefined) return;
    this.#stopWaiting?.abort();
    this.#stopWaiting = undefined;
    if (await this.#request({ steal: true })) this.#onGranted();
  }

  /** Has the tab that holds the registration end it; resolves when it has, or did not answer. */
  async endElsewhere(): Promise<void> {
    if (this.#isClosed || this.#release !== undefined || this.#channel === undefined) return;
    await this.#ask(signOutMessage);
  }

  /**
   * A newer connection of this browser took the place of ours: returns whether we leave it at that, and another tab is
   * active. Whoever has the lock need not. Where there are no locks, the connection is the only sign of another tab.
   */
  giveWay(): boolean {
    if (this.#isClosed || this.#release !== undefined) return false;
    this.#options.onLost();
    this.#wait();
    return true;
  }

  /** Lets go of the lock, so that another tab may have it. */
  release(): void {
    this.#stopWaiting?.abort();
    this.#stopWaiting = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.release();
    this.#channel?.close();
  }

  /** Resolves when the tab that has the lock has answered, or has had its time. */
  async #ask(message: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.#options.platform.clock.after(yieldTimeoutMs, resolve);
      this.#onYielded = () => {
        stop();
        resolve();
      };
      this.#channel?.postMessage(message);
    });
    this.#onYielded = () => undefined;
  }

  get #isActive(): boolean {
    return this.state.getSnapshot().status === 'active';
  }

  #wait(): void {
    this.state.set({ status: 'elsewhere' });
    if (this.#options.platform.locks === undefined || this.#stopWaiting !== undefined || this.#isClosed) return;
    const controller = new AbortController();
    this.#stopWaiting = controller;
    this.#request({ signal: controller.signal }).then(
      (isHeld) => {
        if (this.#stopWaiting === controller) this.#stopWaiting = undefined;
        if (isHeld) this.#onGranted();
      },
      () => undefined,
    );
  }

  #onGranted(): void {
    this.state.set({ status: 'active' });
    this.#options.onTakenOver();
  }

  /** Resolves with whether we have the lock, and keeps it until it is released or stolen. */
  #request(options: LockOptions): Promise<boolean> {
    const { platform, name } = this.#options;
    return new Promise((resolve) => {
      let isHeld = false;
      const hold = (lock: Lock | null): Promise<void> | undefined => {
        if (lock === null || this.#isClosed) {
          resolve(false);
          return undefined;
        }
        const held = new Promise<void>((release) => {
          this.#release = release;
        });
        isHeld = true;
        resolve(true);
        return held;
      };
      platform.locks?.request(name, options, hold).catch(() => {
        // Stolen, if we had it; else the wait was given up.
        if (isHeld) this.#onStolen();
        else resolve(false);
      });
    });
  }

  #onStolen(): void {
    this.#release = undefined;
    if (this.#isClosed) return;
    this.#options.onLost();
    this.#wait();
  }

  /** From another tab of our own origin; still, only these words are understood. */
  #onMessage(data: unknown): void {
    if (data === yieldedMessage) this.#onYielded();
    if ((data !== wantMessage && data !== signOutMessage) || this.#release === undefined) return;
    const { onAsked, onSignedOut } = this.#options;
    const answer = (): void => {
      if (!this.#isClosed) this.#channel?.postMessage(yieldedMessage);
    };
    (data === wantMessage ? onAsked() : onSignedOut()).then(answer, answer);
  }
}

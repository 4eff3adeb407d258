/**
 * What a WIC needs of the browser it runs in. Everything may be replaced, e.g. to run in Node.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import { browserSound, type Sound } from './pre-call/sound.ts';
import type { ReginfoReader } from './registration-event/own-registration.ts';

export interface Platform {
  readonly WebSocket: new (url: string, protocol: string) => WebSocket;
  readonly RTCPeerConnection: new (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly MediaStream: new () => MediaStream;
  readonly getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
  readonly enumerateDevices: () => Promise<readonly MediaDeviceInfo[]>;
  readonly sound: Sound;
  /** Web Locks; undefined where a page has none (no secure context): then every tab is active. */
  readonly locks: Pick<LockManager, 'request'> | undefined;
  readonly BroadcastChannel: new (name: string) => BroadcastChannel;
  /** Lives as long as the browser's profile; undefined where the page may store nothing. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  /** `now` is on the scale of Date.now(). */
  readonly clock: Clock;
  readonly randomOctets: (count: number) => Uint8Array;
  /** Calls `listener` when the network is back or somebody looks at the page again, until stopped. */
  readonly onWake: (listener: () => void) => () => void;
  /** Calls `listener` when the page goes away, until stopped. */
  readonly onPageHide: (listener: () => void) => () => void;
  /** What reads documents about registrations; a file of its own, which a page fetches once it is registered. */
  readonly importReginfo: () => Promise<ReginfoReader>;
}

/** The browser's own. Looks nothing up before it is used, so that Node can replace all of it. */
export function browserPlatform(): Platform {
  return {
    get WebSocket() {
      return globalThis.WebSocket;
    },
    get RTCPeerConnection() {
      return globalThis.RTCPeerConnection;
    },
    get MediaStream() {
      return globalThis.MediaStream;
    },
    get BroadcastChannel() {
      return globalThis.BroadcastChannel;
    },
    getUserMedia: async (constraints) => globalThis.navigator.mediaDevices.getUserMedia(constraints),
    enumerateDevices: async () => globalThis.navigator.mediaDevices.enumerateDevices(),
    sound: browserSound(),
    get locks() {
      return globalThis.navigator?.locks;
    },
    get storage() {
      return findStorage();
    },
    clock: { now: () => Date.now(), after: runAfter },
    randomOctets: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
    onWake: listenForWake,
    onPageHide: (listener) => listen(globalThis.window, 'pagehide', listener),
    importReginfo: () => import('@wicgate/reg-event'),
  };
}

/** `base` with what is given in `replaced`. */
export function replacePlatform(base: Platform, replaced: Partial<Platform>): Platform {
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(base),
      ...Object.getOwnPropertyDescriptors(replaced),
    },
  ) as Platform;
}

/** 64 random bits as hexadecimal digits: a tag, a branch, a Call-ID. */
export function createToken({ randomOctets }: Pick<Platform, 'randomOctets'>): string {
  return [...randomOctets(8)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** From 0 up to, but not, 1. */
export function randomFraction({ randomOctets }: Pick<Platform, 'randomOctets'>): number {
  const [high = 0, low = 0] = randomOctets(2);
  return (high * 256 + low) / 65_536;
}

/** Reading `localStorage` throws where the person has forbidden it. */
function findStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function runAfter(ms: number, run: () => void): () => void {
  // Browsers run timers above 2^31 - 1 ms at once.
  const timer = setTimeout(run, Math.min(ms, 2_147_483_647));
  return () => clearTimeout(timer);
}

function listenForWake(listener: () => void): () => void {
  const stopOnline = listen(globalThis.window, 'online', listener);
  const stopVisible = listen(globalThis.document, 'visibilitychange', () => {
    if (globalThis.document.visibilityState === 'visible') listener();
  });
  return () => {
    stopOnline();
    stopVisible();
  };
}

function listen(target: EventTarget | undefined, type: string, listener: () => void): () => void {
  target?.addEventListener(type, listener);
  return () => target?.removeEventListener(type, listener);
}

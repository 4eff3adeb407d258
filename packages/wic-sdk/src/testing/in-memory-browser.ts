/**
 * Browsers without a browser: each has storage, locks and devices of its own, and opens WICs as tabs.
 *
 * @module
 */
import * as reginfo from '@wicgate/reg-event';
import { type CreateWicOptions, createWic } from '../create-wic.ts';
import type { Platform } from '../platform.ts';
import type { Wic } from '../wic.ts';
import type { InMemoryGateway } from './in-memory-gateway.ts';
import type { InMemoryIce } from './in-memory-ice.ts';
import { InMemoryDevices, InMemoryStream } from './in-memory-media.ts';
import { createPeerConnectionClass } from './in-memory-peer-connection.ts';
import { createSound } from './in-memory-sound.ts';
import { createBroadcastChannelClass, InMemoryLocks, InMemoryStorage } from './in-memory-tabs.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface InMemoryNetwork {
  readonly clock: VirtualClock;
  readonly gateway: InMemoryGateway;
  readonly ice: InMemoryIce;
}

/** A tab: its WIC, and what happens to the page. */
export interface InMemoryTab {
  readonly wic: Wic;
  /** The network is back, or the page is looked at. */
  readonly wake: () => void;
  /** The page goes away. */
  readonly hide: () => void;
}

export class InMemoryBrowser {
  readonly devices = new InMemoryDevices();
  readonly storage = new InMemoryStorage();
  readonly #network: InMemoryNetwork;
  readonly #locks = new InMemoryLocks();
  readonly #BroadcastChannel = createBroadcastChannelClass();

  constructor(network: InMemoryNetwork) {
    this.#network = network;
  }

  /** A WIC for `impu`, not registered yet. */
  open(impu: string, options: Partial<CreateWicOptions> = {}): InMemoryTab {
    const wakers = new Set<() => void>();
    const hiders = new Set<() => void>();
    const wic = createWic({
      epCscfUrl: 'wss://gateway.example/',
      homeDomain: 'ims.example',
      impu,
      displayName: undefined,
      turnUris: ['turn:turn.example:3478'],
      iceTransportPolicy: 'all',
      ...(options.credentials === undefined && { accessToken: async () => 'token' }),
      ...options,
      platform: { ...this.#platform(wakers, hiders), ...options.platform },
    });
    const callAll = (listeners: ReadonlySet<() => void>) => () => {
      for (const listener of [...listeners]) listener();
    };
    return { wic, wake: callAll(wakers), hide: callAll(hiders) };
  }

  #platform(wakers: Set<() => void>, hiders: Set<() => void>): Platform {
    const { clock, gateway, ice } = this.#network;
    return {
      WebSocket: gateway.WebSocket,
      RTCPeerConnection: createPeerConnectionClass(ice),
      MediaStream: InMemoryStream as unknown as new () => MediaStream,
      getUserMedia: this.devices.getUserMedia,
      enumerateDevices: this.devices.enumerateDevices,
      sound: createSound(this.devices, clock),
      locks: this.#locks as unknown as Platform['locks'],
      BroadcastChannel: this.#BroadcastChannel,
      storage: this.storage,
      clock,
      randomOctets: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
      onWake: (listener) => addTo(wakers, listener),
      onPageHide: (listener) => addTo(hiders, listener),
      importReginfo: async () => reginfo,
    };
  }
}

function addTo(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

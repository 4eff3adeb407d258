/**
 * Whether calls in this browser go through a relay only, so that nobody one talks to learns one's address (RFC 8828 5.2).
 *
 * @module
 */
import type { IceTransportPolicy } from '@wicgate/wic-sdk';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';

/** What the person has chosen, for as long as the browser's profile lives. */
export interface RelayOnly {
  readonly isOn: () => boolean;
  readonly setOn: (isOn: boolean) => void;
  /** Calls `listener` after every change on this page; the function it returns ends that. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** `free`: the person decides; `forced`: the website has decided; `impossible`: it has no relay. */
export type RelayChoice = 'free' | 'forced' | 'impossible';

const key = 'wicgate relay only';

/** Where `open` throws, as browsers do that may keep nothing, the choice holds for this page. */
export function createRelayOnly(open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): RelayOnly {
  const listeners = new Set<() => void>();
  let isOnHere = false;
  return {
    // Another tab may have changed it.
    isOn: () => attempt(() => open().getItem(key) === 'on') ?? isOnHere,
    setOn(isOn) {
      isOnHere = isOn;
      attempt(() => (isOn ? open().setItem(key, 'on') : open().removeItem(key)));
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

type Relays = Pick<ClientConfiguration, 'turnUris' | 'iceTransportPolicy'>;

/** Whether there is anything to choose. */
export function relayChoiceOf({ turnUris, iceTransportPolicy }: Relays): RelayChoice {
  if (iceTransportPolicy === 'relay') return 'forced';
  return turnUris.length === 0 ? 'impossible' : 'free';
}

/** What a call that begins now may use. */
export function iceTransportPolicyOf(configuration: Relays, relayOnly: Pick<RelayOnly, 'isOn'>): IceTransportPolicy {
  const isChosen = relayChoiceOf(configuration) === 'free' && relayOnly.isOn();
  return isChosen ? 'relay' : configuration.iceTransportPolicy;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

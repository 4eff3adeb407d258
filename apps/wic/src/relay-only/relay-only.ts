/**
 * Whether calls in this browser go through a relay only, so that nobody one talks to learns one's address (RFC 8828 5.2).
 *
 * @module
 */
import type { IceTransportPolicy } from '@wicgate/wic-sdk';
import { tryStorage } from '../storage/try-storage.ts';
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

/** Where a browser may keep nothing, or has no room, the choice holds for this page. */
export function createRelayOnly(open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): RelayOnly {
  const listeners = new Set<() => void>();
  /** Undefined: the browser keeps it. */
  let isOnHere: boolean | undefined;
  return {
    // Another tab may have changed it.
    isOn: () => isOnHere ?? tryStorage(() => open().getItem(key) === 'on') ?? false,
    setOn(isOn) {
      const isKept = tryStorage(() => {
        if (isOn) open().setItem(key, 'on');
        else open().removeItem(key);
        return true;
      });
      isOnHere = isKept === true ? undefined : isOn;
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

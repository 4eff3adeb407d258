/**
 * Which way sound and picture take, in plain words.
 *
 * @module
 */
import type { MediaPath, Relay } from '@wicgate/wic-sdk';

/** For a glance during a call. */
export function mediaPathText({ ownRelay, farRelay }: MediaPath): string {
  if (ownRelay !== undefined) return `Relayed${over(ownRelay)}`;
  return farRelay === undefined ? 'Direct' : 'Relayed at the other end';
}

/** In place of the way, while there is none. */
export const interruptedText = 'No connection. Trying again…';

export interface MediaPathDetails {
  readonly ownEnd: string;
  readonly farEnd: string;
  /** What that means for the person. */
  readonly note: string;
}

export function mediaPathDetails({ ownRelay, farRelay }: MediaPath): MediaPathDetails {
  return {
    ownEnd: ownRelay === undefined ? 'Direct' : `Through the relay${named(ownRelay)}${over(ownRelay)}`,
    farEnd: farRelay === undefined ? 'Direct, as far as your browser can tell' : `Through a relay${named(farRelay)}`,
    note:
      ownRelay === undefined && farRelay === undefined
        ? 'Sound and picture go straight from browser to browser.'
        : 'A relay passes sound and picture on where no straight way was found, or none was wanted. It cannot read them.',
  };
}

function named({ server }: Relay): string {
  return server === undefined ? '' : ` ${server}`;
}

function over({ transport }: Relay): string {
  return transport === undefined ? '' : ` over ${transport}`;
}

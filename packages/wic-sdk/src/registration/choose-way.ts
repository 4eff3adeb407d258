/**
 * Which way into the network is taken, given what there is (TS 33.203 X.2.1).
 *
 * @module
 */

/** By a SIM (X.2.3), an account of the web (X.3), a SIP password (X.2.2), or as a guest (X.4). */
export type WayIn = 'sim' | 'web' | 'digest' | 'guest';

/** Best first. A SIM comes before everything else (X.2.1); a SIP password is better not typed in (X.2.2.3 NOTE 3). */
const preference: readonly WayIn[] = ['sim', 'web', 'digest', 'guest'];

/** The best of what the network offers and the person has; undefined where that is nothing. */
export function chooseWay(offered: Iterable<WayIn>, at: ReadonlySet<WayIn>): WayIn | undefined {
  const possible = new Set(offered);
  return preference.find((way) => possible.has(way) && at.has(way));
}

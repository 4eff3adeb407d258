/**
 * The TURN servers that a page is told of: some of all, in a random order by weight, so that the load spreads and each
 * page has others to turn to (TS 33.203 X.5.3.2 step 7: the WIC is given the server's URI).
 *
 * @module
 */
import { randomInt } from 'node:crypto';

export interface TurnServer {
  /** The ways to it, the best first. */
  readonly uris: readonly string[];
  /** 1 to 1000: twice the weight is first twice as often. */
  readonly weight: number;
}

/** Chooses anew each time: the URIs of at most so many servers, those of one server side by side. */
export type ChooseTurnUris = () => readonly string[];

/** Randomness is uniform above 0, up to 1. */
export function createTurnChoice(
  servers: readonly TurnServer[],
  atOnce: number,
  random: () => number = uniform,
): ChooseTurnUris {
  return () =>
    inWeightedOrder(servers, random)
      .slice(0, atOnce)
      .flatMap(({ uris }) => uris);
}

/** Each draws a waiting time, exponential with its weight as the rate: who waits least comes first. */
function inWeightedOrder(servers: readonly TurnServer[], random: () => number): readonly TurnServer[] {
  return servers
    .map((server) => ({ server, waits: -Math.log(random()) / server.weight }))
    .toSorted((one, other) => one.waits - other.waits)
    .map(({ server }) => server);
}

const steps = 2 ** 32;

function uniform(): number {
  return (randomInt(steps) + 1) / steps;
}

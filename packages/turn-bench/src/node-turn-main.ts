/**
 * The npm package node-turn as a process of its own.
 *
 * @module
 */

/** What is used of it; the package brings no types. */
interface NodeTurn {
  new (options: Readonly<Record<string, unknown>>): { start(): void };
}

const packageName = 'node-turn';
const { default: NodeTurnServer } = (await import(packageName)) as { readonly default: NodeTurn };
const { env } = process;
new NodeTurnServer({
  listeningIps: [env.NODE_TURN_HOST],
  listeningPort: Number(env.NODE_TURN_PORT),
  relayIps: [env.NODE_TURN_HOST],
  minPort: Number(env.NODE_TURN_PORT_MIN),
  maxPort: Number(env.NODE_TURN_PORT_MAX),
  authMech: 'long-term',
  realm: env.NODE_TURN_REALM,
  credentials: { [env.NODE_TURN_USERNAME ?? '']: env.NODE_TURN_PASSWORD },
  debugLevel: 'OFF',
}).start();

/**
 * What the process of node-turn is told on its standard input: one line of JSON.
 *
 * @module
 */

export interface NodeTurnSettings {
  readonly host: string;
  readonly port: number;
  readonly realm: string;
  /** Km. A secret. */
  readonly secret: string;
  readonly relayHost: string;
  readonly minPort: number;
  readonly maxPort: number;
  readonly maxLifetimeSeconds: number;
  readonly defaultLifetimeSeconds: number;
}

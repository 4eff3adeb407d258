/**
 * node-turn as a process of its own: it ends at datagrams that it does not expect, and with whoever started it.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { createCredentials } from './credentials.ts';
import type { NodeTurnSettings } from './settings.ts';

interface NodeTurn {
  start(): void;
}
type NodeTurnConstructor = new (settings: Readonly<Record<string, unknown>>) => NodeTurn;

const NodeTurnServer = createRequire(import.meta.url)('node-turn') as NodeTurnConstructor;

const input = createInterface({ input: process.stdin });
input.once('line', (line) => startServer(JSON.parse(line) as NodeTurnSettings));
// Whoever started us is gone.
input.once('close', () => process.exit(0));

function startServer(settings: NodeTurnSettings): void {
  const { host, port, realm, secret, relayHost, minPort, maxPort } = settings;
  new NodeTurnServer({
    listeningIps: [host],
    listeningPort: port,
    relayIps: [relayHost],
    minPort,
    maxPort,
    realm,
    authMech: 'long-term',
    credentials: createCredentials(Buffer.from(secret), Date.now),
    maxAllocateLifetime: settings.maxLifetimeSeconds,
    // Spelt as it is there.
    defaultAllocatetLifetime: settings.defaultLifetimeSeconds,
    debugLevel: 'FATAL',
  }).start();
}

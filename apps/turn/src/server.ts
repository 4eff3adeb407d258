/**
 * The TURN server: engine, listeners, relay sockets and metrics put together.
 *
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto';
import { AddressInUse, type Logger, type ProcessContext, type RunningFunction } from '@wicgate/node-kit';
import { PeerPolicy } from './allocations/peer-policy.ts';
import { Authenticator } from './authentication/authenticator.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { TurnEngine } from './engine.ts';
import { listenTcp, type TcpListener } from './listeners/tcp-listener.ts';
import { listenUdp, type UdpListener } from './listeners/udp-listener.ts';
import type { TurnLogEvent } from './log-event.ts';
import { registerMetrics } from './metrics.ts';
import { RelayPorts } from './relay/relay-ports.ts';
import { createUdpRelays } from './relay/udp-relay.ts';

export interface RunningTurnServer extends RunningFunction {
  /** Where clients reach it, on UDP and on TCP. */
  readonly address: { readonly host: string; readonly port: number };
}

interface Listeners {
  readonly tcp: TcpListener;
  readonly udp: UdpListener;
}

/** With port 0, UDP may find taken what TCP was given; so many times another one is asked for. */
const maxPortAttempts = 10;

/**
 * Resolves once clients are served.
 *
 * @throws {AddressInUse}
 */
export async function start(
  config: Config,
  context: ProcessContext,
  clock: Clock = systemClock,
): Promise<RunningTurnServer> {
  const log: Logger<TurnLogEvent> = context.log;
  const peers = new PeerPolicy({ allowLoopback: config.TURN_ALLOW_LOOPBACK_PEERS });
  let listeners: Listeners | undefined;
  const engine = createEngine(config, { clock, log, peers, watch: (flowKey) => listeners?.tcp.watch(flowKey) });
  listeners = await openListeners(config, { clock, log, engine });
  const { tcp, udp } = listeners;
  const address = { host: config.TURN_HOST, port: tcp.port };
  peers.setOwnListener(address.host, address.port);

  const removeMetrics = registerMetrics(context.operations.metrics, {
    traffic: engine.traffic,
    allocationCount: () => engine.allocations.size,
    connectionCount: () => tcp.connectionCount,
  });
  let listening = true;
  context.operations.addReadiness('turn', () => listening);
  log.info({ event: 'turn.listening', ...address });
  return {
    address,
    stop: async () => {
      if (!listening) return;
      listening = false;
      removeMetrics();
      engine.stop();
      await Promise.all([tcp.close(), udp.close()]);
    },
  };
}

interface EngineParts {
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
  readonly peers: PeerPolicy;
  readonly watch: (flowKey: string) => void;
}

function createEngine(config: Config, { clock, log, peers, watch }: EngineParts): TurnEngine {
  const range = { min: config.TURN_RELAY_PORT_MIN, max: config.TURN_RELAY_PORT_MAX };
  return new TurnEngine({
    clock,
    log,
    peers,
    authenticator: new Authenticator({
      realm: config.TURN_REALM,
      secret: Buffer.from(config.TURN_SECRET),
      nonceKey: randomBytes(32),
    }),
    quotas: { user: config.TURN_USER_QUOTA, total: config.TURN_TOTAL_QUOTA },
    lifetimes: { defaultSeconds: config.TURN_DEFAULT_LIFETIME_SECONDS, maxSeconds: config.TURN_MAX_LIFETIME_SECONDS },
    openRelay: createUdpRelays(config.TURN_RELAY_HOST, new RelayPorts(range, randomInt)),
    onAllocationEnd: watch,
  });
}

interface ListenerParts {
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
  readonly engine: TurnEngine;
}

/** UDP and TCP on the same port. */
async function openListeners(config: Config, parts: ListenerParts): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = await openTcp(config, parts);
    try {
      return { tcp, udp: await openUdp(config, tcp.port, parts) };
    } catch (error) {
      await tcp.close();
      const mayTryAgain = error instanceof AddressInUse && config.TURN_PORT === 0 && attempt < maxPortAttempts;
      if (!mayTryAgain) throw error;
    }
  }
}

function openTcp(config: Config, { clock, log, engine }: ListenerParts): Promise<TcpListener> {
  return listenTcp({
    host: config.TURN_HOST,
    port: config.TURN_PORT,
    maxConnections: config.TURN_MAX_TCP_CONNECTIONS,
    clock,
    onMessage: (flow, octets) => engine.receive(flow, octets),
    onClose: (flow) => engine.closed(flow),
    onRefused: (flow, cause) => {
      engine.traffic.drop('malformed');
      log.debug({ event: 'turn.stream.refused', flow: flow.key, cause });
    },
    onError: (cause) => reportListener(log, cause),
    hasAllocation: (flow) => engine.allocations.find(flow.key) !== undefined,
  });
}

function openUdp(config: Config, port: number, { log, engine }: ListenerParts): Promise<UdpListener> {
  return listenUdp({
    host: config.TURN_HOST,
    port,
    onMessage: (flow, octets) => engine.receive(flow, octets),
    onError: (cause) => reportListener(log, cause),
  });
}

function reportListener(log: Logger<TurnLogEvent>, cause: Error): void {
  log.error({
    event: 'turn.listener.failed',
    cause,
    effect: 'clients may not reach the server',
    action: 'check the network interface and the limit of open files',
  });
}

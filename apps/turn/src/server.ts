/**
 * The TURN server: engine, listeners, relay sockets and metrics put together.
 *
 * @module
 */
import { networkInterfaces } from 'node:os';
import type { Logger, ProcessContext, RunningFunction } from '@wicgate/node-kit';
import { Bandwidth } from './allocations/bandwidth.ts';
import { PeerPolicy } from './allocations/peer-policy.ts';
import { createAuthenticator } from './authentication/create-authenticator.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { TurnEngine } from './engine.ts';
import { ClientConnections } from './listeners/client-connections.ts';
import { type ClientListeners, openClientListeners, type ServedEndpoint } from './listeners/client-listeners.ts';
import { TlsCertificate } from './listeners/tls-certificate.ts';
import type { TurnLogEvent } from './log-event.ts';
import { TurnOperations } from './operations/turn-operations.ts';
import { requireRelayHosts } from './relay/require-relay-hosts.ts';
import { createUdpRelays } from './relay/udp-relays.ts';
import { seldom } from './seldom.ts';

export interface RunningTurnServer extends RunningFunction {
  /** Where clients reach it, on UDP and on TCP. */
  readonly address: { readonly host: string; readonly port: number };
  /** Every place where clients reach it. */
  readonly endpoints: readonly ServedEndpoint[];
}

/**
 * Resolves once clients are served.
 *
 * @throws {AddressInUse}
 * @throws {ConfigInvalid}
 */
export async function start(
  config: Config,
  context: ProcessContext,
  clock: Clock = systemClock,
): Promise<RunningTurnServer> {
  const log: Logger<TurnLogEvent> = context.log;
  await requireRelayHosts(config);
  const peers = createPeerPolicy(config);
  const operations = new TurnOperations(config, clock);
  const connections = createConnections(config);
  const watch = (flowKey: string): void => connections.watch(flowKey);
  const engine = createEngine(config, { clock, log, peers, operations, watch });
  const listeners = await openListeners(config, { clock, log, engine, connections });
  const { endpoints } = listeners;
  const address = { host: config.TURN_HOST, port: endpoints[0]?.port ?? config.TURN_PORT };
  for (const { host, port } of endpoints) peers.addOwnListener(host, port);

  const { traffic, allocations } = engine;
  const conceal = operations.expose({
    operations: context.operations,
    log,
    traffic,
    allocations,
    connectionCount: (transport) => connections.countOf(transport),
  });
  for (const endpoint of endpoints) log.info({ event: 'turn.listening', ...endpoint });
  return {
    address,
    endpoints,
    stopWithinMs: 1_000 * config.TURN_DRAIN_SECONDS + 5_000,
    stop: once(async () => {
      await operations.drainBeforeStop(allocations);
      conceal();
      engine.stop();
      await listeners.close();
    }),
  };
}

function createConnections(config: Config): ClientConnections {
  const { TURN_MAX_TCP_CONNECTIONS: total, TURN_MAX_TCP_CONNECTIONS_PER_ADDRESS: perAddress } = config;
  return new ClientConnections({ total, perAddress });
}

/** Every address of the machine is the server's own, those of its relays are where clients may meet. */
function createPeerPolicy(config: Config): PeerPolicy {
  const peers = new PeerPolicy({
    allowLoopback: config.TURN_ALLOW_LOOPBACK_PEERS,
    allowed: config.TURN_ALLOWED_PEERS,
    denied: config.TURN_DENIED_PEERS,
  });
  for (const { address } of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])) {
    peers.addOwnAddress(address);
  }
  peers.addOwnRelay(config.TURN_RELAY_HOST);
  for (const host of [config.TURN_RELAY_HOST_IPV6, config.TURN_RELAY_PUBLIC_HOST]) {
    if (host !== undefined) peers.addOwnRelay(host);
  }
  return peers;
}

interface EngineParts {
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
  readonly peers: PeerPolicy;
  readonly operations: TurnOperations;
  readonly watch: (flowKey: string) => void;
}

function createEngine(config: Config, { clock, log, peers, operations, watch }: EngineParts): TurnEngine {
  return new TurnEngine({
    clock,
    log,
    peers,
    authenticator: createAuthenticator(config),
    quotas: { user: config.TURN_USER_QUOTA, total: config.TURN_TOTAL_QUOTA, address: config.TURN_ADDRESS_QUOTA },
    bandwidth: new Bandwidth({ userKbps: config.TURN_USER_KBPS, totalKbps: config.TURN_TOTAL_KBPS }, clock.now()),
    admission: operations.admission,
    lifetimes: { defaultSeconds: config.TURN_DEFAULT_LIFETIME_SECONDS, maxSeconds: config.TURN_MAX_LIFETIME_SECONDS },
    relays: createUdpRelays(
      config,
      seldom(clock, (cause) => reportRelay(log, cause)),
    ),
    onAllocationEnd: watch,
  });
}

interface ListenerParts {
  readonly clock: Clock;
  readonly log: Logger<TurnLogEvent>;
  readonly engine: TurnEngine;
  readonly connections: ClientConnections;
}

async function openListeners(config: Config, parts: ListenerParts): Promise<ClientListeners> {
  const { clock, log, engine, connections } = parts;
  const certificate = readCertificate(config, clock, log);
  try {
    const { endpoints, close } = await openClientListeners(config, {
      clock,
      connections,
      certificate,
      onMessage: (flow, octets) => engine.receive(flow, octets),
      onClose: (flow) => engine.closed(flow),
      onRefused: (flow, cause) => {
        engine.traffic.drop('malformed');
        log.debug({ event: 'turn.stream.refused', flow: flow.key, cause });
      },
      onError: seldom(clock, (cause) => reportListener(log, cause)),
      hasAllocation: (flow) => engine.allocations.find(flow.key) !== undefined,
    });
    return {
      endpoints,
      close: async () => {
        certificate?.stop();
        await close();
      },
    };
  } catch (error) {
    certificate?.stop();
    throw error;
  }
}

function readCertificate(config: Config, clock: Clock, log: Logger<TurnLogEvent>): TlsCertificate | undefined {
  const { TURN_TLS_CERT_FILE: cert, TURN_TLS_KEY_FILE: key } = config;
  if (cert === undefined || key === undefined) return undefined;
  return new TlsCertificate({ files: { cert, key }, clock, log });
}

function reportListener(log: Logger<TurnLogEvent>, cause: Error): void {
  log.error({
    event: 'turn.listener.failed',
    cause,
    effect: 'clients may not reach the server',
    action: 'check the network interface and the limit of open files',
  });
}

function reportRelay(log: Logger<TurnLogEvent>, cause: Error): void {
  log.error({
    event: 'turn.relay.failed',
    cause,
    effect: 'clients get no relayed address (508)',
    action: 'check TURN_RELAY_HOST, TURN_RELAY_HOST_IPV6 and the limit of open files',
  });
}

/** Calls it the first time; every call gets what that one returned. */
function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}

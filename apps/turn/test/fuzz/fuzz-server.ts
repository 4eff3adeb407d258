/**
 * Mutated datagrams against a TURN server that is a process of its own, on its listener and on relayed ports, while a
 * relayed call goes on.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Endpoint, method } from '@wicgate/stun';
import {
  addressOf,
  channelAttribute,
  encodeUnprotected,
  lifetimeOf,
  openWire,
  outcomeOf,
  peerAttribute,
  requestedUdp,
  TurnClient,
  textOf,
  type Wire,
} from '@wicgate/turn-client';
import { createTurnCredential, type TurnCredential } from '@wicgate/turn-credentials';
import { type Below, type Encode, Mutants } from '../../src/testing/mutants.ts';
import { ask } from './ask.ts';
import { kernelDrops } from './kernel-drops.ts';
import { createRandom } from './random.ts';
import { type CallReport, RelayedCall } from './relayed-call.ts';
import { ServerProcess } from './server-process.ts';

export interface FuzzOptions {
  /** Datagrams on the listener. */
  readonly executions: number;
  /** Datagrams on relayed ports. */
  readonly relayed: number;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
}

export interface FuzzReport {
  readonly seconds: number;
  readonly call: CallReport;
  /** What the kernel dropped of what was sent to the listener. */
  readonly kernelDrops: number | undefined;
  /** Resident memory in MB, after a collection. */
  readonly memory: { readonly before: number; readonly after: number };
  /** What the server logged as a defect of its own. */
  readonly errors: readonly string[];
  readonly exitCode: number | null;
  /** Of the server, as Prometheus has them. */
  readonly counters: readonly string[];
}

/** So many go out before the server is asked whether it has read them: its sockets hold them all. */
const burst = 64;
/** So many until an attacker makes sure that it has an allocation and a fresh nonce. */
const renewal = 20_000;
const progressEvery = 100_000;
/** Few places and few ports: one that is not given back is missed soon. */
const scarce = { TURN_TOTAL_QUOTA: '32', TURN_RELAY_PORT_MIN: '61000', TURN_RELAY_PORT_MAX: '61127' };
const secret = 'a secret of at least thirty-two characters';
const lifetimeSeconds = 86_400;

interface Attack {
  readonly mutants: Mutants;
  readonly below: Below;
  readonly server: ServerProcess;
  /** Asks the server for signs of life. */
  readonly control: Wire;
  readonly onProgress: (line: string) => void;
}

interface Attacker {
  readonly wire: Wire;
  readonly client: TurnClient;
  readonly login: TurnCredential;
  relayed: Endpoint;
}

/** @throws {Error} the server gave no sign of life within ten seconds. */
export async function fuzzServer({ executions, relayed, seed, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const below = createRandom(seed);
  const server = await ServerProcess.start({ secret, settings: scarce });
  try {
    const call = await RelayedCall.start(server.address, [credential(), credential()]);
    const control = await openWire('UDP', server.address);
    const attack = { mutants: new Mutants(below), below, server, control, onProgress };
    const before = await server.residentMegabytes();
    const started = performance.now();
    await attackListener(attack, executions);
    await attackRelays(attack, relayed, call.relayed);
    const seconds = (performance.now() - started) / 1_000;
    const report = await call.end();
    control.close();
    const dropped = kernelDrops(new Set([server.address.port]));
    const after = await server.residentMegabytes();
    const counters = await server.counters();
    const exitCode = await server.stop();
    const memory = { before, after };
    return { seconds, call: report, kernelDrops: dropped, memory, errors: server.errors, exitCode, counters };
  } catch (error) {
    const state = server.isRunning ? await server.counters() : server.errors;
    throw new Error(`the server, as it was:\n${state.join('\n')}`, { cause: error });
  } finally {
    await server.stop();
  }
}

/** Clients with a credential and an allocation, with a credential only, and with a wrong password, take turns. */
async function attackListener(attack: Attack, executions: number): Promise<void> {
  const { mutants, below, onProgress } = attack;
  const attackers = [await openAttacker(attack), await openAttacker(attack), await openAttacker(attack)] as const;
  const impostor = await openAttacker(attack);
  impostor.client.login = { ...impostor.login, password: 'guessed' };
  const all = [...attackers, impostor];
  for (let sent = 0; sent < executions; sent += burst) {
    const attacker = all[below(all.length)] ?? impostor;
    if (sent % renewal < burst) for (const renewed of attackers) await renew(renewed);
    const encode = encodeBy(attacker.client);
    for (let count = 0; count < Math.min(burst, executions - sent); count += 1) {
      attacker.wire.send(mutants.message(encode));
    }
    await settle(attack, all);
    if (sent > 0 && sent % progressEvery < burst) onProgress(`${sent} datagrams on the listener`);
  }
  for (const { client } of all) client.close();
}

/** Peers that are permitted and peers that are not send to the call's relayed addresses and to an attacker's own. */
async function attackRelays(attack: Attack, count: number, victims: readonly Endpoint[]): Promise<void> {
  const { mutants, below, onProgress } = attack;
  const attacker = await openAttacker(attack);
  const peers = [await openSocket('127.0.0.1'), await openSocket('127.0.0.3')];
  const [permitted] = peers;
  const encode = encodeBy(attacker.client);
  for (let sent = 0; sent < count; sent += burst) {
    if (sent % renewal < burst) {
      await renew(attacker);
      const port = permitted?.address().port ?? 0;
      const transactionId = randomBytes(12);
      const peer = peerAttribute({ family: 'IPv4', address: '127.0.0.1', port }, transactionId);
      const attributes = [channelAttribute(0x4000), peer];
      await ask(attacker.wire, attacker.client.encodeRequest(method.ChannelBind, { attributes, transactionId }));
    }
    const targets = [...victims, attacker.relayed];
    for (let number = 0; number < Math.min(burst, count - sent); number += 1) {
      const { address, port } = targets[below(targets.length)] ?? attacker.relayed;
      peers[below(peers.length)]?.send(mutants.message(encode), port, address);
    }
    await settle(attack, [attacker]);
    if (sent > 0 && sent % progressEvery < burst) onProgress(`${sent} datagrams on relayed ports`);
  }
  for (const peer of peers) peer.close();
  attacker.client.close();
}

async function openAttacker({ server }: Attack): Promise<Attacker> {
  const wire = await openWire('UDP', server.address);
  const client = TurnClient.over(wire);
  const login = credential();
  return { wire, client, login, relayed: await client.allocate(login) };
}

/** Another nonce, and an allocation whatever the mutants did to the last one. */
async function renew(attacker: Attacker): Promise<void> {
  const { client, login } = attacker;
  const challenge = await ask(attacker.wire, encodeUnprotected('request', method.Allocate, [requestedUdp]));
  client.nonce = textOf(challenge, 'NONCE');
  client.login = login;
  await ask(attacker.wire, client.encodeRequest(method.Refresh, { attributes: [lifetimeOf(0)] }));
  const answer = await ask(attacker.wire, client.encodeRequest(method.Allocate, { attributes: [requestedUdp] }));
  if (outcomeOf(answer) !== 'success') throw new Error(`expected an allocation, got ${outcomeOf(answer)}`);
  attacker.relayed = addressOf(answer, 'XOR-RELAYED-ADDRESS');
}

/** Resolves once the server has read what was sent before, and takes what it answered out of the way. */
async function settle({ control }: Attack, attackers: readonly Attacker[]): Promise<void> {
  const answer = await ask(control, encodeUnprotected('request', method.Binding, []));
  if (outcomeOf(answer) !== 'success') throw new Error(`expected an answer to Binding, got ${outcomeOf(answer)}`);
  for (const { wire } of attackers) while (wire.inbox.size > 0) await wire.inbox.take();
}

function encodeBy(client: TurnClient): Encode {
  return (code, attributes, transactionId) => client.encodeRequest(code, { attributes, transactionId });
}

function credential(): TurnCredential {
  return createTurnCredential({
    key: Buffer.from(secret),
    expiresAtSeconds: Math.floor(Date.now() / 1_000) + lifetimeSeconds,
    random: (length) => randomBytes(length),
  });
}

async function openSocket(host: string): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  return socket;
}

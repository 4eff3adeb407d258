/**
 * The TURN server, attacked by its own users and by strangers (TS 33.203 X.5.2; RFC 8656 21): a relay that reaches what
 * is behind it, credentials that are forged, over, or given before their time, and more places than one may have.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lab } from '@wicgate/lab';
import type { SipResponse } from '@wicgate/sip';
import { type Endpoint, method } from '@wicgate/stun';
import {
  openPeer,
  outcomeOf,
  type PasswordLogin,
  requestedUdp,
  type Transport,
  TurnClient,
} from '@wicgate/turn-client';
import { createTurnCredential } from '@wicgate/turn-credentials';
import { operatedTurn, TurnOperator, tidOf } from '../turn/turn-operator.ts';
import { answer, ask, createClient } from './digest-user.ts';
import { expect, type Stage, test } from './stage.ts';
import type { Header, Wic } from './wic.ts';

// In the lab everybody is on loopback, and the TURN server is told so. Here it is not; but for two addresses, without
// which nobody could tell a relay that refuses from one that is broken.
test.use({
  labSettings: {
    ...operatedTurn,
    TURN_ALLOW_LOOPBACK_PEERS: 'false',
    TURN_RELAY_HOST: '127.0.0.2',
    TURN_ALLOWED_PEERS: '127.0.0.2/31',
    EP_CSCF_TURN_POLICY: 'robot*@ims.example=refused',
  },
});

const asking: Header = ['3gpp-ext-turn-cred', 'true'];
const allowedHost = '127.0.0.3';

/** Somebody new who has registered, and the credential that came with it. */
async function registeredWithTurn(stage: Stage, name: string): Promise<{ wic: Wic; login: PasswordLogin }> {
  const wic = await stage.open(await stage.subscriber(name));
  const login = findLogin(await wic.register(stage.bearer(wic.user), { headers: [asking] }));
  if (login === undefined) throw new Error('expected a credential in the 200');
  return { wic, login };
}

/** `Tid:Texp:Tpwd` of a response; undefined where there is none. */
function findLogin({ headers }: SipResponse): PasswordLogin | undefined {
  const { username, password } =
    /^"?(?<username>[^:]+:\d+):(?<password>[^"]+)"?$/u.exec(headers.first(asking[0]) ?? '')?.groups ?? {};
  return username === undefined || password === undefined ? undefined : { username, password };
}

function openOver(transport: Transport, { ports, caFile }: Lab): Promise<TurnClient> {
  const port = transport === 'TLS' ? ports.turnTls : ports.turn;
  return TurnClient.open(transport, { host: '127.0.0.1', port, ca: readFileSync(caFile), serverName: 'localhost' });
}

/** Runs `work` with a client that has been challenged, and closes it. */
async function withClient<T>(lab: Lab, login: PasswordLogin, work: (client: TurnClient) => Promise<T>): Promise<T> {
  const client = await openOver('UDP', lab);
  try {
    await client.challenge(login);
    return await work(client);
  } finally {
    client.close();
  }
}

async function allocate(client: TurnClient): Promise<string> {
  return outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }));
}

function tryLogin(lab: Lab, login: PasswordLogin): Promise<string> {
  return withClient(lab, login, allocate);
}

function peerAt(address: string, port: number): Endpoint {
  return { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port };
}

/** Functions of the operator that are beside the TURN server. */
function functionPeers({ ports }: Lab): readonly Endpoint[] {
  const { epCscf, epCscfMw, hss, operations, iCscf, sCscf, waf, turn, turnTls } = ports;
  return [epCscf, epCscfMw, hss, operations, iCscf, sCscf, waf, turn, turnTls].map((port) => peerAt('127.0.0.1', port));
}

/** Other networks of the operator, and what clouds tell their machines. */
const forbiddenAddresses = [
  ...['127.0.0.4', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'],
  ...['169.254.169.254', '100.100.100.200', '192.0.0.192', '168.63.129.16', '224.0.0.1', '255.255.255.255'],
];
/** The same in IPv6, of which some carry an IPv4 address, an allowed one too. */
const forbiddenIPv6Addresses = [
  ...['0:0:0:0:0:0:0:1', '0:0:0:0:0:ffff:7f00:1', '0:0:0:0:0:ffff:7f00:3', '64:ff9b:0:0:0:0:7f00:1'],
  ...['2002:7f00:1:0:0:0:0:1', 'fd00:ec2:0:0:0:0:0:254', 'fe80:0:0:0:0:0:0:1'],
];

for (const transport of ['UDP', 'TCP', 'TLS'] as const) {
  test(`[RFC 8656 21.2.2] [TURN server 2] who has signed in reaches over ${transport} no function of the operator, no private network and no metadata service, but a peer that is allowed`, async ({
    stage,
  }) => {
    const { login } = await registeredWithTurn(stage, 'mallory');
    const client = await openOver(transport, stage.lab);
    const [allowed, inside] = [await openPeer(allowedHost), await openPeer('127.0.0.1')];
    try {
      await client.allocate(login);
      const refused = [...functionPeers(stage.lab), ...forbiddenAddresses.map((address) => peerAt(address, 80))];
      for (const peer of [...refused, inside.endpoint]) {
        const outcomes = [outcomeOf(await client.permit(peer)), outcomeOf(await client.bind(0x4001, peer))];
        expect([peer, ...outcomes]).toEqual([peer, 'error 403', 'error 403']);
        // One that is refused takes the others with it.
        expect(outcomeOf(await client.permit(allowed.endpoint, peer))).toBe('error 403');
      }
      for (const address of forbiddenIPv6Addresses) {
        const peer = peerAt(address, stage.lab.ports.operations);
        const outcomes = [outcomeOf(await client.permit(peer)), outcomeOf(await client.bind(0x4001, peer))];
        for (const outcome of outcomes)
          expect([peer, outcome]).toEqual([peer, expect.stringMatching(/^error 4[04]3$/u)]);
      }

      expect(outcomeOf(await client.permit(allowed.endpoint))).toBe('success');
      client.sendTo(inside.endpoint, 'past the refusal');
      client.sendTo(allowed.endpoint, 'as agreed');
      expect(await allowed.inbox.take()).toMatchObject({ data: 'as agreed' });
      expect(inside.inbox.size).toBe(0);
    } finally {
      client.close();
      allowed.close();
      inside.close();
    }
  });
}

test('[RFC 8656 9] nobody sends into the allocation of another tenant who has not permitted it, and with a permission it arrives', async ({
  stage,
}) => {
  const [victim, mallory] = [await registeredWithTurn(stage, 'victim'), await registeredWithTurn(stage, 'mallory')];
  const [of, from] = [await openOver('UDP', stage.lab), await openOver('UDP', stage.lab)];
  const friend = await openPeer(allowedHost);
  try {
    const relayed = await of.allocate(victim.login);
    expect(outcomeOf(await of.permit(friend.endpoint))).toBe('success');
    const attacker = await from.allocate(mallory.login);
    expect(outcomeOf(await from.permit(relayed))).toBe('success');
    from.sendTo(relayed, 'unasked');
    expect(outcomeOf(await from.exchange(method.Binding))).toBe('success');
    expect(outcomeOf(await of.exchange(method.Binding))).toBe('success');
    expect(of.unreadCount).toBe(0);
    // Nor does the credential of one lead the allocation of the other.
    expect(outcomeOf(await of.request(method.Refresh, { login: mallory.login }))).toBe('error 441');

    expect(outcomeOf(await of.permit(attacker))).toBe('success');
    from.sendTo(relayed, 'with leave');
    expect(await of.received()).toBe(`indication from ${attacker.address}:${attacker.port}: with leave`);
  } finally {
    of.close();
    from.close();
    friend.close();
  }
});

/** Km, which eP-CSCF and TURN server of the lab share. */
function readKm({ caFile }: Lab): Uint8Array {
  const { turn } = JSON.parse(readFileSync(join(dirname(caFile), '..', 'secrets.json'), 'utf8')) as { turn: string };
  return Buffer.from(turn);
}

function make(key: Uint8Array, inSeconds: number): PasswordLogin {
  return createTurnCredential({
    key,
    expiresAtSeconds: Math.floor(Date.now() / 1_000) + inSeconds,
    random: randomBytes,
  });
}

test('[X.5.2.2-6] [X.5.2.2-7] [TURN server 2] [TURN server 3] credentials of another domain’s Km, altered, longer than given and expired ones are refused with 401, a good one is not', async ({
  stage,
}) => {
  const { lab } = stage;
  const km = readKm(lab);
  const { login } = await registeredWithTurn(stage, 'mallory');
  const { login: other } = await registeredWithTurn(stage, 'other');
  const texp = Number(login.username.split(':')[1]);
  const refused: Readonly<Record<string, PasswordLogin>> = {
    'another Km': make(randomBytes(32), 600),
    'expired an hour ago': make(km, -3_600),
    'expired just now': make(km, -1),
    'a later Texp': { ...login, username: `${tidOf(login)}:${texp + 3_600}` },
    'another Tid': { ...login, username: other.username },
    'no Texp': { ...login, username: tidOf(login) },
    'a Texp that is none': { ...login, username: `${tidOf(login)}:never` },
    'the password of another': { ...login, password: other.password },
    'no password': { ...login, password: '' },
  };
  for (const [fault, wrong] of Object.entries(refused)) {
    expect([fault, await tryLogin(lab, wrong)]).toEqual([fault, 'error 401']);
  }
  expect(await tryLogin(lab, make(km, 600))).toBe('success');
  expect(await tryLogin(lab, login)).toBe('success');
});

test('[X.5.2.1 b] [X.5.2.2-4] [eP-CSCF 17] nobody gets a credential before success: in no refusal or challenge of a REGISTER, for no OPTIONS of a stranger; afterwards in both', async ({
  stage,
}) => {
  const user = await stage.subscriber('mallory', (name) => ({ digest: { password: `${name}-secret` } }));
  const options = (wic: Wic) => wic.request('OPTIONS', { headers: [asking] });
  /** Refused, without a credential. */
  const expectNone = (response: SipResponse, status: number): void => {
    expect([response.statusCode, response.headers.has(asking[0])]).toEqual([status, false]);
  };
  const stranger = await stage.open(user);
  expectNone(await options(stranger), 403);

  const forger = await stage.open(user);
  expectNone(await forger.register(`Bearer ${stage.waf.unsigned(user)}`, { headers: [asking] }), 401);
  const guesser = await stage.open(user);
  const challenge = await ask(guesser, { headers: [asking] });
  expectNone(challenge.response, 401);
  expectNone((await answer(guesser, createClient(user, { password: 'a guess' }), challenge)).response, 403);

  const owner = await stage.open(user);
  const round = await ask(owner, { headers: [asking] });
  expectNone(round.response, 401);
  const { response } = await answer(owner, createClient(user, { password: `${user}-secret` }), round);
  const login = findLogin(response);
  expect([response.statusCode, login]).toEqual([200, { username: expect.anything(), password: expect.anything() }]);
  expect(findLogin(await options(owner))).toEqual(login);
  expect(await tryLogin(stage.lab, login ?? { username: '', password: '' })).toBe('success');
});

test('[X.5.2.1 b] [X.5.2.2-3] whom the policy refuses registers without a credential, and gets none by OPTIONS; others do', async ({
  stage,
}) => {
  const robot = await stage.open(await stage.subscriber('robot'));
  const registered = await robot.register(stage.bearer(robot.user), { headers: [asking] });
  expect([registered.statusCode, registered.headers.has(asking[0])]).toEqual([200, false]);
  const asked = await robot.request('OPTIONS', { headers: [asking] });
  expect([asked.statusCode, asked.headers.has(asking[0])]).toEqual([403, false]);

  const { wic, login } = await registeredWithTurn(stage, 'mallory');
  expect(findLogin(await wic.request('OPTIONS', { headers: [asking] }))).toEqual(login);
});

test('[X.5.2.2-7] the 33rd allocation of one Tid is refused with 486, on whatever connection, while another user gets one', async ({
  stage,
}) => {
  const { lab } = stage;
  const { login } = await registeredWithTurn(stage, 'mallory');
  const { login: other } = await registeredWithTurn(stage, 'other');
  const clients = await Promise.all(
    Array.from({ length: 32 }, (_, number) => openOver(number < 28 ? 'UDP' : 'TCP', lab)),
  );
  try {
    for (const client of clients) await client.allocate(login);
    for (const transport of ['UDP', 'TCP', 'TLS'] as const) {
      const client = await openOver(transport, lab);
      clients.push(client);
      await client.challenge(login);
      expect(await allocate(client)).toBe('error 486');
    }
    expect(await tryLogin(lab, other)).toBe('success');
    const [first] = clients;
    expect(outcomeOf(await (first as TurnClient).refresh(0))).toBe('success');
    expect(await tryLogin(lab, login)).toBe('success');
    expect(await new TurnOperator(lab.ports).revoke(tidOf(login))).toBe(204);
  } finally {
    for (const client of clients) client.close();
  }
});

test('[X.5.2.2-7] [TURN server 3] a credential of the TURN server’s users does not operate it, and without the operator’s token nothing is revoked', async ({
  stage,
}) => {
  const { lab } = stage;
  const { login } = await registeredWithTurn(stage, 'mallory');
  const { login: victim } = await registeredWithTurn(stage, 'victim');
  for (const wrong of [login.password, stage.waf.statement(), `${new Date(0).toISOString()}-no-operator-at-all`]) {
    const stranger = new TurnOperator(lab.ports, wrong);
    expect([await stranger.revoke(tidOf(victim)), await stranger.drain()]).toEqual([401, 401]);
    await expect(stranger.allocations()).rejects.toThrow('got 401');
  }
  expect(await tryLogin(lab, victim)).toBe('success');
  expect(await new TurnOperator(lab.ports).revoke(tidOf(victim))).toBe(204);
  expect(await tryLogin(lab, victim)).toBe('error 401');
  expect(await tryLogin(lab, login)).toBe('success');
});

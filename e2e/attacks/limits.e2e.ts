/**
 * Pages of other sites, floods and guesses (TS 33.203 X.3.1 REQ 2.6, O.3.1.1): they meet limits, and nobody else does.
 *
 * The same is done to a second lab, whose operator trusts the wrong origin and has set all limits too high.
 *
 * @module
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '@wicgate/lab';
import { requestText } from '../faults/sip-peer.ts';
import { findFreePorts } from '../lab-process.ts';
import { answer, ask, createClient } from './digest-user.ts';
import { expect, Stage, test } from './stage.ts';
import { vouching } from './statement.ts';
import { Wic } from './wic.ts';

const evil = 'https://evil.example';
const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-weak-'));
const settings = {
  EP_CSCF_REQUEST_BURST: '100000',
  EP_CSCF_REQUESTS_PER_SECOND: '100000',
  EP_CSCF_PENDING_REQUESTS: '10000',
  EP_CSCF_FAILED_AUTHENTICATIONS: '10000',
  CORE_UNTRUSTED_BURST: '1000000',
  CORE_UNTRUSTED_REQUESTS_PER_SECOND: '1000000',
};
let weakLab: Lab;
let weak: Stage;

test.beforeAll(async () => {
  const portBase = await findFreePorts(14_000);
  weakLab = await startLab({ portBase, stateFolder, partner: true, origins: [evil], logLevel: 'error', settings });
  weak = await Stage.start(weakLab);
});
test.afterAll(async () => {
  weak.closeAll();
  await weak.naiveEdge.stop();
  await weakLab.stop();
  rmSync(stateFolder, { recursive: true, force: true });
});

for (const [name, origin] of [
  ['an untrusted Origin', evil],
  ['no Origin', undefined],
  ['the Origin null', 'null'],
  ['an Origin that begins like a trusted one', 'https://localhost.evil.example'],
] as const) {
  test(`[REQ 2.6] [REQ 1.1] [eP-CSCF 1] a WebSocket with ${name} is refused`, async ({ stage }) => {
    await expect(Wic.open(stage.lab.ports.epCscf, origin, 'mallory')).rejects.toThrow('HTTP 403');
    const trusted = await Wic.open(stage.lab.ports.epCscf, stage.lab.wwsfUrl, 'alice');
    trusted.close();
  });
}

test('[REQ 2.6] [eP-CSCF 1] a WebSocket of another site is refused, and opened where the operator trusts that site', async ({
  stage,
}) => {
  await expect(Wic.open(stage.lab.ports.epCscf, evil, 'mallory')).rejects.toThrow('HTTP 403');
  const opened = await Wic.open(weakLab.ports.epCscf, evil, 'mallory');
  expect(opened.isOpen).toBe(true);
  opened.close();
});

/** Bound on what somebody else's flood may do to a registration and a call, on a busy machine. */
const boundMs = 10_000;

/** Somebody who minds their own business meanwhile. */
async function registerAndCall(stage: Stage): Promise<void> {
  const started = performance.now();
  const [caller, called] = [await stage.registered('caller'), await stage.registered('called')];
  expect(await stage.reach(caller, called.user)).toBe(200);
  const requestUri = `sip:${called.user}@ims.example`;
  expect((await caller.request('INVITE', { requestUri })).statusCode).toBe(200);
  expect(performance.now() - started).toBeLessThan(boundMs);
}

type Text = Pick<Parameters<typeof requestText>[0], 'user' | 'headers'>;

interface Flood {
  readonly port: number;
  readonly count: number;
  /** How many are sent before their answers have come. */
  readonly atOnce: number;
  readonly text: (number: number) => Text;
}

/** Status codes of the answers to the REGISTERs of a stranger over one TCP connection. */
async function floodByTcp({ port, count, atOnce, text }: Flood): Promise<readonly string[]> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const signal = AbortSignal.timeout(20_000);
  let answers = '';
  const statuses = (): readonly string[] => [...answers.matchAll(/^SIP\/2.0 (\d+) /gmu)].map(([, code = '']) => code);
  for (let sent = 0; sent < count; sent += atOnce) {
    const texts = Array.from({ length: atOnce }, (_, number) =>
      requestText({ method: 'REGISTER', transport: 'TCP', ...text(sent + number) }),
    );
    socket.write(texts.join(''));
    while (statuses().length < sent + atOnce) answers += String((await once(socket, 'data', { signal }))[0]);
  }
  socket.destroy();
  return statuses();
}

test('[limits] a flood of REGISTER from one address is refused while others register and call, and served where limits are too high', async ({
  stage,
}) => {
  const count = 150;
  const flood = (port: number): Promise<readonly string[]> =>
    floodByTcp({ port, count, atOnce: count, text: (number) => ({ user: `nobody${number}` }) });
  const [flooded] = await Promise.all([flood(stage.lab.ports.iCscf), registerAndCall(stage)]);
  expect(flooded.filter((status) => status === '503').length).toBeGreaterThan(count / 3);
  expect(new Set(await flood(weakLab.ports.iCscf))).toEqual(new Set(['401']));
});

test('[limits] [S-CSCF 7] wrong passwords on one IMPI from one address are refused unheard while its owner and others are served, and all tried where limits are too high', async ({
  stage,
}) => {
  const owner = await stage.registeredByPassword('owner');
  const count = 100;
  const guessing =
    ({ user }: Wic) =>
    (number: number): Text => {
      const wrong = { 'nonce': 'any', 'response': String(number).padStart(32, '0'), 'algorithm': 'MD5' };
      const credentials = vouching(`${user}@ims.example`, wrong).replace(/,integrity-protected="[^"]*"/u, '');
      return { user, headers: [`Authorization: ${credentials},qop=auth,nc=00000001,cnonce="x"`] };
    };
  const guesses = (of: Stage, wic: Wic): Promise<readonly string[]> =>
    floodByTcp({ port: of.lab.ports.sCscf, count, atOnce: 2, text: guessing(wic) });
  const [guessed] = await Promise.all([guesses(stage, owner), registerAndCall(stage)]);
  expect(guessed.filter((status) => status === '503').length).toBeGreaterThan(count / 3);
  expect(await stage.reach(await stage.registered('friend'), owner.user)).toBe(200);
  expect(new Set(await guesses(weak, await weak.registeredByPassword('owner')))).toEqual(new Set(['403']));
});

test('[limits] a flood of REGISTER on one registered connection is refused while others register and call, and served where limits are too high', async ({
  stage,
}) => {
  const count = 80;
  const flood = async (wic: Wic): Promise<readonly number[]> => {
    const requests = Array.from({ length: count }, () =>
      wic.create('MESSAGE', { requestUri: `sip:nobody@ims.example` }),
    );
    return Promise.all(requests.map(async (request) => (await wic.exchange(request)).statusCode));
  };
  const [flooded] = await Promise.all([flood(await stage.registered('mallory')), registerAndCall(stage)]);
  expect(flooded.filter((status) => status === 503).length).toBeGreaterThan(count / 4);
  expect(new Set(await flood(await weak.registered('mallory')))).toEqual(new Set([404]));
});

test('[limits] a connection whose REGISTERs are all challenged is refused any more after ten, and served on by a naive edge', async ({
  stage,
}) => {
  const mallory = await stage.subscriber('mallory');
  const attacker = await stage.open(mallory);
  for (let sent = 0; sent < 9; sent += 1) expect((await ask(attacker)).response.statusCode).toBe(401);
  attacker.send(attacker.create('REGISTER'));
  expect(await attacker.closed).toBe(1_008);
  const naive = await stage.open(mallory, 'naive edge');
  for (let sent = 0; sent < 15; sent += 1) expect((await ask(naive)).response.statusCode).toBe(401);
  expect(naive.isOpen).toBe(true);
});

/** One more guess of a password. */
async function guess(wic: Wic, number: number): Promise<number> {
  const round = await ask(wic);
  return (await answer(wic, createClient(wic.user, { password: `guess ${number}` }), round)).response.statusCode;
}

test('[O.3.1.1] [eP-CSCF 15] [S-CSCF 7] each wrong password on one IMPI is refused and costs a connection, ten stop the guessing, its owner and others are served; a naive edge lets it go on', async ({
  stage,
}) => {
  const owner = await stage.registeredByPassword('owner');
  const guesses = async (): Promise<void> => {
    for (let number = 0; number < 12; number += 1) {
      const attacker = await stage.open(owner.user);
      expect(await guess(attacker, number)).toBe(number < 10 ? 403 : 503);
      expect(await attacker.closed).toBe(1_008);
    }
  };
  await Promise.all([guesses(), registerAndCall(stage)]);
  expect(owner.isOpen).toBe(true);
  expect(await stage.reach(await stage.registered('friend'), owner.user)).toBe(200);
  expect(await stage.reach(owner, owner.user)).toBe(200);

  const naive = await stage.open(owner.user, 'naive edge');
  for (let number = 0; number < 12; number += 1) expect(await guess(naive, number)).toBe(403);
  expect(naive.isOpen).toBe(true);
  const careless = await weak.subscriber('owner', (user) => ({ digest: { password: `${user}-secret` } }));
  for (let number = 0; number < 12; number += 1) expect(await guess(await weak.open(careless), number)).toBe(403);
});

/** How often each Cx command was asked for, digests were computed, and each CSCF answered, and how. */
async function workOf(stage: Stage, work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const names = ['hss_cx_answers_total', 'core_requests_total', 'core_refusals_total', 'core_digest_checks_total'];
  const counted = await stage.operator.counted(names, work);
  const total: Record<string, number> = {};
  for (const [series, count] of Object.entries(counted)) {
    // That a known user failed is told the HSS once the answer has left: nobody waits for it.
    if (series.includes('command="SAR"')) continue;
    const name = series.replace(/,?result="[^"]*"/u, '');
    total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

test('[N.2.2.1] an unknown user makes the same work as a known one, who is told apart where a naive edge vouches', async ({
  stage,
}) => {
  const register = (user: string) => async (): Promise<void> => {
    const wic = await stage.open(user);
    expect(await guess(wic, 1)).toBe(403);
  };
  const known = await stage.subscriber('known', (user) => ({ digest: { password: `${user}-secret` } }));
  const ofKnown = await workOf(stage, register(known));
  expect(ofKnown).toMatchObject({ 'core_digest_checks_total': 1, 'hss_cx_answers_total{command="MAR"}': 1 });
  expect(await workOf(stage, register('unknown'))).toEqual(ofKnown);

  const vouched = (user: string) => async (): Promise<void> => {
    await (await stage.open(user, 'naive edge')).register(stage.bearer(user));
  };
  expect(await workOf(stage, vouched('unknown'))).not.toEqual(await workOf(stage, vouched(known)));
});

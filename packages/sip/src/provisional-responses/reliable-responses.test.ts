import { describe, expect, it } from 'vitest';
import { createUacDialog } from '../dialogs/create-dialog.ts';
import { parseRSeq } from '../headers/rseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { createPrack } from './create-prack.ts';
import { reliableResponseTable } from './reliable-response.ts';
import { ReliableResponses } from './reliable-responses.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly sent: SipResponse[];
  readonly log: string[];
  readonly responses: ReliableResponses;
}

function createScene(random = 0): Scene {
  const clock = new VirtualClock();
  const sent: SipResponse[] = [];
  const log: string[] = [];
  const responses = new ReliableResponses({
    clock,
    invite: invitation,
    random: () => random,
    send: (response) => {
      sent.push(response);
      log.push(`${clock.now()} ${response.statusCode}`);
    },
    onTimeout: () => log.push('no PRACK'),
  });
  return { clock, sent, log, responses };
}

const withDescription = (response: SipResponse): SipResponse => ({
  ...response,
  headers: response.headers.with('Content-Type', 'application/sdp'),
  body: Uint8Array.of(118),
});

function prackOf(response: SipResponse | undefined, rack?: string): SipRequest {
  if (response === undefined) throw new TypeError('expected a response');
  const prack = createPrack(createUacDialog(invitation, response), response);
  return rack === undefined ? prack : { ...prack, headers: prack.headers.set('RAck', rack) };
}

const rseqOf = ({ headers }: SipResponse): number => parseRSeq(headers.first('RSeq') ?? '');

describe('ReliableResponses', () => {
  it.each([
    { random: 0, rseq: 1 },
    { random: 1 - Number.EPSILON, rseq: 2_147_483_647 },
  ])('[RFC 3262 3] begins at RSeq $rseq, and requires 100rel', ({ random, rseq }) => {
    const { responses, sent } = createScene(random);
    responses.send(answer(183));
    expect(sent[0]?.headers.first('RSeq')).toBe(String(rseq));
    expect(sent[0]?.headers.first('Require')).toBe('100rel');
    responses.stop();
  });

  it('[RFC 3262 3] repeats at T1, doubling without bound, and gives up after 64*T1', () => {
    const { clock, log } = (() => {
      const scene = createScene();
      scene.responses.send(answer(180));
      return scene;
    })();
    clock.advance(60_000);
    expect(log).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500].map((ms) => `${ms} 180`).concat('no PRACK'));
    expect(clock.pending).toBe(0);
  });

  it('[RFC 3262 3] sends no second one before the first is acknowledged, and then all in order', () => {
    const { clock, responses, sent } = createScene();
    for (const statusCode of [180, 182, 183]) responses.send(answer(statusCode));
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([180]);
    expect(responses.receivePrack(prackOf(sent[0])).statusCode).toBe(180);
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([180, 182, 183]);
    expect(sent.map(rseqOf)).toEqual([1, 2, 3]);
    responses.receivePrack(prackOf(sent[2]));
    expect(responses.isPrackDue).toBe(true);
    responses.receivePrack(prackOf(sent[1]));
    expect([responses.isPrackDue, clock.pending]).toEqual([false, 0]);
  });

  it.each([
    { fault: 'another RSeq', rack: '2 314159 INVITE' },
    { fault: 'another CSeq', rack: '1 314160 INVITE' },
    { fault: 'another method', rack: '1 314159 UPDATE' },
  ])('[RFC 3262 3] refuses a PRACK with $fault with 481', ({ rack }) => {
    const { responses, sent } = createScene();
    responses.send(answer(180));
    expect(() => responses.receivePrack(prackOf(sent[0], rack))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_PRACK_UNMATCHED', statusCode: 481 }),
    );
    expect(responses.isPrackDue).toBe(true);
    responses.stop();
  });

  it('[RFC 3262 3] refuses a second PRACK, and a PRACK without RAck', () => {
    const { responses, sent } = createScene();
    responses.send(answer(180));
    responses.receivePrack(prackOf(sent[0]));
    expect(() => responses.receivePrack(prackOf(sent[0]))).toThrow(expect.objectContaining({ statusCode: 481 }));
    const { headers, ...prack } = prackOf(sent[0]);
    expect(() => responses.receivePrack({ ...prack, headers: headers.without('RAck') })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400 }),
    );
  });

  it('[RFC 3262 3] lets no 2xx out while a session description has no PRACK', () => {
    const { responses, sent } = createScene();
    responses.send(answer(180));
    expect(responses.mayAccept).toBe(true);
    responses.send(withDescription(answer(183)));
    expect(responses.mayAccept).toBe(false);
    responses.receivePrack(prackOf(sent[0]));
    expect(responses.mayAccept).toBe(false);
    responses.receivePrack(prackOf(sent[1]));
    expect(responses.mayAccept).toBe(true);
  });

  it('[RFC 3262 3] repeats nothing after the final response, but still takes the PRACK', () => {
    const { clock, log, responses, sent } = createScene();
    responses.send(answer(180));
    responses.send(answer(182));
    responses.stop();
    expect(clock.pending).toBe(0);
    expect(responses.receivePrack(prackOf(sent[0])).statusCode).toBe(180);
    expect(log).toEqual(['0 180']);
    expect(() => responses.send(answer(180))).toThrow(TypeError);
  });

  it.each([100, 200, 486])('[RFC 3262 3] sends no %d', (statusCode) => {
    const { responses } = createScene();
    expect(() => responses.send({ ...answer(180), statusCode })).toThrow(TypeError);
  });

  it('[RFC 3262 3] bounds what is sent and what waits', () => {
    const { responses } = createScene();
    for (let count = 0; count < 16; count += 1) responses.send(answer(180));
    expect(() => responses.send(answer(180))).toThrow(TypeError);
    responses.stop();
  });

  it('[RFC 3262 3] counts none that has its PRACK: a call may ring for long', () => {
    const { responses, sent } = createScene();
    for (let count = 0; count < 20; count += 1) {
      responses.send(answer(180));
      responses.receivePrack(prackOf(sent.at(-1)));
    }
    expect([sent.length, responses.isPrackDue]).toEqual([20, false]);
    responses.stop();
  });

  it('[RFC 3262 3] has timers in one state only', () => {
    expect(Object.entries(reliableResponseTable.timers).filter(([, timers]) => timers.length > 0)).toEqual([
      ['repeating', ['repeat due', 'patience ends']],
    ]);
  });
});

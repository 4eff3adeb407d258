import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCSeq } from '../headers/cseq.ts';
import { ProxyBench } from './testing/proxy-bench.ts';

const nothing = { contexts: 0, transactions: 0, timers: 0 };

type Step =
  | { readonly type: 'answer'; readonly callee: number; readonly statusCode: number }
  | { readonly type: 'answer CANCEL'; readonly callee: number; readonly statusCode: number }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'close'; readonly callee: number }
  | { readonly type: 'cancel' };

const callee = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      callee,
      statusCode: fc.constantFrom(100, 180, 180, 180, 183, 200, 302, 401, 404, 408, 486, 487, 500, 503, 603),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('answer CANCEL' as const),
      callee,
      statusCode: fc.constantFrom(200, 481),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 300, 5_000, 32_000, 181_000) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('close' as const), callee }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'cancel' }) },
);

const scene = fc.record({
  callees: fc.integer({ min: 1, max: 4 }),
  transport: fc.constantFrom('TCP' as const, 'UDP' as const),
  qs: fc.array(fc.constantFrom(1, 1, 0.5, 0.2), { minLength: 4, maxLength: 4 }),
  breadth: fc.constantFrom(1, 2, 60, 60),
  steps: fc.array(step, { maxLength: 30, size: 'max' }),
});

async function drive(bench: ProxyBench, method: string, given: Step): Promise<void> {
  if (given.type === 'wait') await bench.run(given.ms);
  else if (given.type === 'cancel') await bench.cancel();
  else {
    const far = bench.callees[given.callee];
    if (given.type === 'close') far?.close();
    else {
      const asked = given.type === 'answer' ? method : 'CANCEL';
      if (far?.log.includes(asked) === true) far.answer(given.statusCode, { method: asked });
    }
  }
  await bench.run();
}

/** Status codes of the final answers to the request; over UDP repeated ones count once. */
function finalsOf({ caller }: ProxyBench, method: string): readonly number[] {
  const seen = new Map<string, number>();
  for (const { statusCode, headers } of caller.responses) {
    if (statusCode < 200 || parseCSeq(headers.first('CSeq') ?? '').method !== method) continue;
    seen.set(`${statusCode} ${headers.first('To')}`, statusCode);
  }
  return [...seen.values()];
}

type Callee = ProxyBench['callees'][number];

/** What a callee answered to the INVITE before timer B: what comes first after it finds no transaction. */
const inTime = ({ answered, askedAt = 0 }: Callee): Callee['answered'] =>
  answered.filter(({ method, at }) => method === 'INVITE' && at < askedAt + 32_000);

const finalOf = ({ answered }: Callee): number | undefined =>
  answered.find(({ method, statusCode }) => method === 'INVITE' && statusCode >= 200)?.statusCode;

const mayRing = (far: Callee): boolean => far.isOpen && inTime(far).length > 0 && finalOf(far) === undefined;

/** Whether it is over for everybody else: by a 2xx, a 6xx, or the caller. */
function isDecided(bench: ProxyBench, isCancelled: boolean): boolean {
  const hasRefusedForAll = bench.callees.some(
    (far) => inTime(far).find(({ statusCode }) => statusCode >= 200)?.statusCode === 603,
  );
  return isCancelled || hasRefusedForAll || finalsOf(bench, 'INVITE').some((code) => code < 300);
}

/** Who rang was told to stop or has answered, and whose refusal came in time has its ACK. */
function checkCallees({ callees }: ProxyBench): void {
  for (const far of callees) {
    const invites = far.requests.filter(({ method }) => method === 'INVITE');
    expect(new Set(invites.map(({ headers }) => headers.first('Via'))).size).toBeLessThanOrEqual(1);
    if (mayRing(far)) expect(far.log).toContain('CANCEL');
    const final = inTime(far).find(({ statusCode }) => statusCode >= 200);
    if (far.isOpen && final !== undefined) expect(far.log.includes('ACK')).toBe(final.statusCode >= 300);
  }
}

describe('StatefulProxy, whatever the callees do', () => {
  it('[RFC 3261 16.7] an INVITE gets one refusal or only 2xx, and every branch ends', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ breadth, steps, ...options }) => {
        const bench = new ProxyBench(options);
        await bench.start('INVITE', `Max-Breadth: ${breadth}`);
        let isCancelled = false;
        for (const given of steps) {
          await drive(bench, 'INVITE', given);
          isCancelled ||= given.type === 'cancel';
          if (!isDecided(bench, isCancelled)) continue;
          // At once, not when Timer C fires.
          for (const far of bench.callees.filter(mayRing)) expect(far.log).toContain('CANCEL');
        }
        // Serial forking over three q, one at a time: each may ring until Timer C and 64*T1 more.
        await bench.run(4 * 250_000);
        expect(await bench.leftovers()).toEqual(nothing);
        const finals = finalsOf(bench, 'INVITE');
        expect(finals.length).toBeGreaterThan(0);
        if (finals.some((code) => code >= 300)) expect(finals).toHaveLength(1);
        expect(bench.finals).toEqual([finals[0]]);
        checkCallees(bench);
      }),
      { numRuns: 300 },
    );
  });

  it('[RFC 4320 4.2] a MESSAGE gets one final answer or none, never 408', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ breadth, steps, ...options }) => {
        const bench = new ProxyBench(options);
        await bench.start('MESSAGE', `Max-Breadth: ${breadth}`);
        for (const given of steps) await drive(bench, 'MESSAGE', given);
        await bench.run(4 * 32_000);
        expect(await bench.leftovers()).toEqual(nothing);
        const finals = finalsOf(bench, 'MESSAGE');
        expect(finals.length).toBeLessThanOrEqual(1);
        expect(finals).not.toContain(408);
        expect(bench.finals).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

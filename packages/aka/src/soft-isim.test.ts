import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../test/memory-store.ts';
import { hex } from '../test/octets.ts';
import { amf, keys, milenage, rand } from '../test/subscriber.ts';
import { type AuthenticationVector, createAuthenticationVector } from './authentication-vector.ts';
import { openAuts } from './auts.ts';
import { maxSeq } from './sequence-number.ts';
import { createSequenceState } from './sequence-state.ts';
import { SoftIsim } from './soft-isim.ts';

const vectorOf = (sqn: number): AuthenticationVector => createAuthenticationVector({ milenage, amf, sqn, rand });
const outcomeOf = async (isim: SoftIsim, sqn: number): Promise<string> =>
  (await isim.authenticate(rand, vectorOf(sqn).autn)).outcome;

describe('[TS 31.103 7.1] the soft ISIM', () => {
  it('answers RES, CK and IK', async () => {
    const { autn, xres, ck, ik } = vectorOf(32);
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    expect(await isim.authenticate(rand, autn)).toEqual({ outcome: 'success', res: xres, ck, ik });
  });

  it('answers AUTS with the highest number to a used one', async () => {
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    expect(await outcomeOf(isim, 96)).toBe('success');
    const again = await isim.authenticate(rand, vectorOf(96).autn);
    if (again.outcome !== 'synchronisation failure') throw new Error(again.outcome);
    expect(openAuts(milenage, rand, again.auts)).toBe(96);
  });

  it('keeps its numbers in the store, over its own end', async () => {
    const store = new MemoryStore();
    expect(await outcomeOf(new SoftIsim({ keys, store }), 32)).toBe('success');
    const next = new SoftIsim({ keys, store });
    expect(await outcomeOf(next, 32)).toBe('synchronisation failure');
    expect(await outcomeOf(next, 64)).toBe('success');
  });

  it('saves nothing after a failure', async () => {
    const store = new MemoryStore();
    const isim = new SoftIsim({ keys, store });
    expect((await isim.authenticate(rand, new Uint8Array(16))).outcome).toBe('MAC failure');
    expect(await outcomeOf(isim, 0)).toBe('synchronisation failure');
    expect(store.saved).toBeUndefined();
  });

  it('keeps to its rules', async () => {
    const isim = new SoftIsim({ keys, store: new MemoryStore(), rules: { delta: 10, ageLimit: 5 } });
    expect(await outcomeOf(isim, 11 * 32)).toBe('synchronisation failure');
    expect(await outcomeOf(isim, 10 * 32)).toBe('success');
    expect(await outcomeOf(isim, 5 * 32 + 1)).toBe('synchronisation failure');
    expect(await outcomeOf(isim, 6 * 32 + 1)).toBe('success');
  });

  it('begins where the store says', async () => {
    const store = new MemoryStore();
    await store.save(createSequenceState(64));
    expect(await outcomeOf(new SoftIsim({ keys, store }), 65)).toBe('synchronisation failure');
    expect(await outcomeOf(new SoftIsim({ keys, store }), 96)).toBe('success');
  });
});

describe('[TS 33.102 6.3.3] commands at once', () => {
  it('one vector succeeds once', async () => {
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    const outcomes = await Promise.all([outcomeOf(isim, 32), outcomeOf(isim, 32), outcomeOf(isim, 64)]);
    expect(outcomes).toEqual(['success', 'synchronisation failure', 'success']);
  });

  it('a ninth one is refused, and the next after them is not', async () => {
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    const waiting = Array.from({ length: 8 }, (_, at) => outcomeOf(isim, (at + 1) * 32));
    await expect(outcomeOf(isim, 320)).rejects.toThrow(expect.objectContaining({ code: 'ERR_AKA_ISIM_BUSY' }));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['success']));
    expect(await outcomeOf(isim, 320)).toBe('success');
  });

  it('octets that change after the call change nothing', async () => {
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    const { autn } = vectorOf(32);
    const command = isim.authenticate(rand, autn);
    autn.fill(0);
    expect((await command).outcome).toBe('success');
  });
});

describe('what goes wrong', () => {
  it('RES does not come out before the number is saved', async () => {
    const store = new MemoryStore();
    const isim = new SoftIsim({
      keys,
      store: { load: () => store.load(), save: () => Promise.reject(new Error('disk full')) },
    });
    await expect(outcomeOf(isim, 32)).rejects.toThrow('disk full');
    await expect(outcomeOf(isim, 32)).rejects.toThrow('disk full');
  });

  it('a store that fails once does not stop the next command', async () => {
    const store = new MemoryStore();
    let failures = 1;
    const load = async (): Promise<unknown> => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('locked');
      }
      return store.load();
    };
    const isim = new SoftIsim({ keys, store: { load, save: (state) => store.save(state) } });
    const [first, second] = await Promise.allSettled([outcomeOf(isim, 32), outcomeOf(isim, 64)]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 'success' });
  });

  it('a store with something else in it is refused', async () => {
    const isim = new SoftIsim({ keys, store: { load: async () => [maxSeq], save: async () => undefined } });
    await expect(outcomeOf(isim, 32)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_AKA_SEQUENCE_STATE_MALFORMED' }),
    );
  });

  it.each([
    { what: 'a short RAND', challenge: [new Uint8Array(15), new Uint8Array(16)] },
    { what: 'a long AUTN', challenge: [new Uint8Array(16), new Uint8Array(17)] },
    { what: 'nothing', challenge: [new Uint8Array(), new Uint8Array()] },
  ] as const)('$what is refused', async ({ challenge }) => {
    const isim = new SoftIsim({ keys, store: new MemoryStore() });
    await expect(isim.authenticate(...challenge)).rejects.toThrow(TypeError);
    expect(await outcomeOf(isim, 32)).toBe('success');
  });

  it.each([
    { what: 'a short K', options: { keys: { ...keys, k: new Uint8Array(15) }, store: new MemoryStore() } },
    { what: 'a long OPc', options: { keys: { ...keys, opc: new Uint8Array(17) }, store: new MemoryStore() } },
    { what: 'a delta of zero', options: { keys, store: new MemoryStore(), rules: { delta: 0 } } },
  ])('$what makes no ISIM', ({ options }) => {
    expect(() => new SoftIsim(options)).toThrow(TypeError);
  });

  it('nothing secret is in what is printed or thrown', async () => {
    const isim = new SoftIsim({ keys, store: { load: async () => 'x', save: async () => undefined } });
    const error = await outcomeOf(isim, 32).catch((caught: unknown) => caught);
    const shown = `${JSON.stringify(isim)} ${Object.keys(isim).join()} ${String(error)} ${JSON.stringify(error)}`;
    for (const secret of [keys.k, keys.opc]) {
      expect(shown).not.toContain(hex(secret));
      expect(shown).not.toContain([...secret].join());
    }
  });
});

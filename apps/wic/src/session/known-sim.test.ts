// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { createKnownSim } from './known-sim.ts';

describe('whether a SIM was used in this browser', () => {
  beforeEach(() => localStorage.clear());

  it('[X.2.1] is remembered, as a mere yes', () => {
    const knownSim = createKnownSim(() => localStorage);
    expect(knownSim.isKnown()).toBe(false);
    knownSim.setKnown(true);
    expect(createKnownSim(() => localStorage).isKnown()).toBe(true);
    expect(Object.values(localStorage)).toEqual(['used']);
    knownSim.setKnown(false);
    expect(localStorage).toHaveLength(0);
  });

  it('[X.2.1] is known to this page where the browser keeps nothing', () => {
    const knownSim = createKnownSim(() => {
      throw new DOMException('', 'SecurityError');
    });
    knownSim.setKnown(true);
    expect(knownSim.isKnown()).toBe(true);
  });
});

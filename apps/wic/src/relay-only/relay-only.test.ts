import { describe, expect, it } from 'vitest';
import { createRelayOnly, iceTransportPolicyOf, relayChoiceOf } from './relay-only.ts';

function storage() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

const turnUris = ['turn:turn.example:3478'];
const none: string[] = [];
const rows = [
  { configuration: { turnUris, iceTransportPolicy: 'all' }, choice: 'free', off: 'all', on: 'relay' },
  { configuration: { turnUris, iceTransportPolicy: 'relay' }, choice: 'forced', off: 'relay', on: 'relay' },
  { configuration: { turnUris: none, iceTransportPolicy: 'relay' }, choice: 'forced', off: 'relay', on: 'relay' },
  { configuration: { turnUris: none, iceTransportPolicy: 'all' }, choice: 'impossible', off: 'all', on: 'all' },
] as const;

describe('the choice to use relays only', () => {
  it.each(rows)('[RFC 8828 5.2] $choice with $configuration', ({ configuration, choice, off, on }) => {
    expect(relayChoiceOf(configuration)).toBe(choice);
    expect(iceTransportPolicyOf(configuration, { isOn: () => false })).toBe(off);
    expect(iceTransportPolicyOf(configuration, { isOn: () => true })).toBe(on);
  });

  it('[WIC] outlives the page, is told to whoever listens, and is seen by other tabs', () => {
    const shared = storage();
    const [here, there] = [createRelayOnly(() => shared), createRelayOnly(() => shared)];
    let told = 0;
    const stop = here.subscribe(() => {
      told += 1;
    });
    expect(here.isOn()).toBe(false);
    here.setOn(true);
    expect([here.isOn(), there.isOn(), told]).toEqual([true, true, 1]);
    stop();
    there.setOn(false);
    expect([here.isOn(), told]).toEqual([false, 1]);
  });

  it('[WIC] holds for the page where the browser keeps nothing', () => {
    const relayOnly = createRelayOnly(() => {
      throw new DOMException('', 'SecurityError');
    });
    relayOnly.setOn(true);
    expect(relayOnly.isOn()).toBe(true);
  });

  it('[WIC] holds for the page where the browser has no room for it', () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw new DOMException('', 'QuotaExceededError');
      },
    };
    const relayOnly = createRelayOnly(() => full);
    relayOnly.setOn(true);
    expect(relayOnly.isOn()).toBe(true);
    relayOnly.setOn(false);
    expect(relayOnly.isOn()).toBe(false);
  });

  it('[contract] hides no fault of ours', () => {
    const relayOnly = createRelayOnly(() => {
      throw new TypeError('a fault');
    });
    expect(() => relayOnly.isOn()).toThrow(TypeError);
  });
});

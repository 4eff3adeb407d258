import type { DigestAuthDataItem } from '@wicgate/cx';
import { VirtualClock } from '@wicgate/sip/testing';
import { describe, expect, it } from 'vitest';
import { item } from '../testing/digest-alone.ts';
import { oldPasswordMs, StoredPasswords } from './stored-passwords.ts';

const password = (name: string): DigestAuthDataItem => ({ ...item, ha1: name.repeat(32) });
const [a, b, c] = [password('a'), password('b'), password('c')];
type Step = readonly ['use' | 'receive', DigestAuthDataItem];

describe('[N.2.5] [S-CSCF 10] at most two H(A1) of a user', () => {
  it.each<readonly [string, readonly Step[], readonly DigestAuthDataItem[]]>([
    ['the one that registered', [['use', a]], [a]],
    [
      'the newest first',
      [
        ['use', a],
        ['receive', b],
      ],
      [b, a],
    ],
    [
      'a new one that was used ends the old',
      [
        ['use', a],
        ['receive', b],
        ['use', b],
      ],
      [b],
    ],
    [
      'an old one that was used ends nothing',
      [
        ['use', a],
        ['receive', b],
        ['use', a],
      ],
      [b, a],
    ],
    [
      'the same once more changes nothing',
      [
        ['use', a],
        ['receive', b],
        ['receive', b],
        ['receive', a],
      ],
      [b, a],
    ],
    [
      'a third takes the place of the unused one',
      [
        ['use', a],
        ['receive', b],
        ['receive', c],
      ],
      [c, a],
    ],
    [
      'of two that nobody used the oldest goes',
      [
        ['receive', a],
        ['receive', b],
        ['receive', c],
      ],
      [c, b],
    ],
  ])('[N.2.5] %s', (_name, steps, expected) => {
    const passwords = new StoredPasswords(new VirtualClock());
    for (const [what, which] of steps) passwords[what]('dora', which);
    expect(passwords.find('dora')).toEqual(expected);
    expect(passwords.find('bob')).toEqual([]);
  });

  it('[N.2.5 NOTE 5] the old one goes after some minutes, used or not', () => {
    const clock = new VirtualClock();
    const passwords = new StoredPasswords(clock);
    passwords.use('dora', a);
    passwords.receive('dora', b);
    clock.advance(oldPasswordMs - 1);
    passwords.use('dora', a);
    expect(passwords.find('dora')).toEqual([b, a]);
    clock.advance(1);
    expect(passwords.find('dora')).toEqual([b]);
  });

  it('[N.2.5] nothing is left of who is not registered any more', () => {
    const passwords = new StoredPasswords(new VirtualClock());
    passwords.use('dora', a);
    passwords.forget('dora');
    expect(passwords.find('dora')).toEqual([]);
    expect(passwords.size).toBe(0);
  });
});

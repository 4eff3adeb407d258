import { describe, expect, it } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { portsFrom } from './ports.ts';

describe('[npm start] options', () => {
  it.each([
    { args: [], wanted: { portBase: 8_443, stateFolder: undefined, fresh: false, origins: [], partner: false } },
    {
      args: ['--port-base', '9443', '--state', 'somewhere', '--fresh', '--partner'],
      wanted: { portBase: 9_443, stateFolder: 'somewhere', fresh: true, origins: [], partner: true },
    },
    {
      args: ['--origin', 'https://app.example.com', '--origin', 'https://b.example:8443'],
      wanted: {
        portBase: 8_443,
        stateFolder: undefined,
        fresh: false,
        origins: ['https://app.example.com', 'https://b.example:8443'],
        partner: false,
      },
    },
  ])('reads $args', ({ args, wanted }) => expect(readCommandLine(args)).toEqual(wanted));

  it.each([
    { args: ['--port-base', '80'], expected: '--port-base: expected a number from 1024 to 65416' },
    { args: ['--port-base', '65500'], expected: '--port-base: expected a number from 1024 to 65416' },
    { args: ['--port-base', '9e3'], expected: '--port-base: expected a number from 1024 to 65416' },
    { args: ['--origin', 'http://app.example.com'], expected: '--origin: expected scheme' },
    { args: ['--origin', 'https://app.example.com/'], expected: '--origin: expected scheme' },
    { args: ['--state', ''], expected: '--state: expected a folder that can be written' },
    { args: ['--nothing'], expected: "Unknown option '--nothing'" },
    { args: ['stray'], expected: "Unexpected argument 'stray'" },
  ])('refuses $args', ({ args, expected }) => {
    expect(() => readCommandLine(args)).toThrow(
      expect.objectContaining({ code: 'ERR_LAB_COMMAND_LINE_INVALID', message: expect.stringContaining(expected) }),
    );
  });

  it('counts all ports from the base', () => {
    expect(portsFrom(20_000)).toMatchObject({
      wwsf: 20_000,
      waf: 20_001,
      epCscf: 20_002,
      hss: 20_003,
      operations: 20_011,
      turnRelayMax: 20_119,
    });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTurnChoice } from './turn-servers.ts';
import { readTurnServers } from './turn-servers-file.ts';

const one = { uris: ['turn:one.example', 'turns:one.example'], weight: 3 };
const other = { uris: ['turn:other.example'], weight: 1 };
const third = { uris: ['turn:third.example'], weight: 1 };

describe('the choice of TURN servers', () => {
  it('[X.5.3.2] [X.5.2.2] puts a server of three times the weight first three times as often', () => {
    const choose = createTurnChoice([one, other], 2);
    const rounds = 4_000;
    const firsts = Array.from({ length: rounds }, () => choose()[0]).filter((uri) => uri === one.uris[0]).length;
    // Five standard deviations of a fair draw around three in four.
    expect(Math.abs(firsts - 0.75 * rounds)).toBeLessThan(5 * Math.sqrt(rounds * 0.75 * 0.25));
  });

  it('[X.5.3.2] tells of so many servers at most, and keeps the order of the ways to one', () => {
    const choose = createTurnChoice([one, other, third], 2);
    for (let round = 0; round < 200; round += 1) {
      const uris = choose();
      const servers = new Set(uris.map((uri) => uri.replace(/^turns?:/, '')));
      expect(servers.size).toBe(2);
      const at = uris.indexOf('turn:one.example');
      if (at !== -1) expect(uris[at + 1]).toBe('turns:one.example');
    }
  });

  it('[X.5.3.2] gives each of them a turn, whatever is drawn', () => {
    for (const drawn of [Number.MIN_VALUE, 0.5, 1]) {
      expect(createTurnChoice([one, other], 4, () => drawn)()).toHaveLength(3);
    }
    expect(createTurnChoice([], 2)()).toEqual([]);
  });
});

describe('the TURN servers of the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wwsf-turn-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const none = {
    WWSF_TURN_URIS: [],
    WWSF_TURN_SERVERS_FILE: undefined,
    WWSF_TURN_ACCESS: false,
    WWSF_TURN_SECRET: undefined,
  };
  const file = (content: string): string => {
    const path = join(folder, 'servers.json');
    writeFileSync(path, content);
    return path;
  };

  it('[X.5.2.2] are one server with all URIs, or those of the file, of weight 1 unless said', () => {
    expect(readTurnServers({ ...none, WWSF_TURN_URIS: one.uris })).toEqual([{ uris: one.uris, weight: 1 }]);
    const content = JSON.stringify([one, { uris: other.uris }]);
    expect(readTurnServers({ ...none, WWSF_TURN_SERVERS_FILE: file(content) })).toEqual([one, other]);
    expect(readTurnServers(none)).toEqual([]);
  });

  it.each([
    { fault: 'no JSON', content: 'hunter2', at: 'expected a JSON list' },
    { fault: 'an empty list', content: '[]', at: 'WWSF_TURN_SERVERS_FILE' },
    { fault: 'a server without URIs', content: '[{"uris":[]}]', at: '0.uris' },
    { fault: 'a URI of STUN', content: '[{"uris":["turn:a"]},{"uris":["stun:hunter2"]}]', at: '1.uris.0' },
    { fault: 'no weight', content: '[{"uris":["turn:a"],"weight":0}]', at: '0.weight' },
    { fault: 'half a weight', content: '[{"uris":["turn:a"],"weight":1.5}]', at: '0.weight' },
    { fault: 'a member nobody knows', content: '[{"uris":["turn:a"],"hunter2":1}]', at: 'WWSF_TURN_SERVERS_FILE: 0' },
  ])('[operation] refuses a file with $fault, and says where', ({ content, at }) => {
    const failure = (): unknown => readTurnServers({ ...none, WWSF_TURN_SERVERS_FILE: file(content) });
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(at) }),
    );
  });

  it.each([
    { name: 'WWSF_TURN_URIS', settings: { WWSF_TURN_URIS: ['turn:a'], WWSF_TURN_SERVERS_FILE: '/hunter2' } },
    { name: 'WWSF_TURN_ACCESS', settings: { WWSF_TURN_ACCESS: true } },
    { name: 'WWSF_TURN_SECRET', settings: { WWSF_TURN_SECRET: 'hunter2-hunter2-hunter2-hunter2-hunter2' } },
  ])('[operation] refuses what does not go together: $name', ({ name, settings }) => {
    const failure = (): unknown => readTurnServers({ ...none, ...settings });
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    expect(failure).not.toThrow('hunter2');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readClients } from '../clients.ts';
import { readConfig } from '../config.ts';
import { readTurnTokens } from './turn-tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'waf-turn-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const pem = fileOf('some.pem', '');
const key = { kid: 'one', algorithm: 'A256GCM', key: Buffer.alloc(32, 1).toString('base64') };
const other = { kid: 'two', algorithm: 'A256GCM', key: Buffer.alloc(32, 2).toString('base64') };
const keysFile = fileOf('keys.json', JSON.stringify([key, other]));
const least = {
  WAF_TLS_CERT_FILE: pem,
  WAF_TLS_KEY_FILE: pem,
  WAF_STATE_DIR: folder,
  WAF_WWSF_CLIENT_SECRET: 'q'.repeat(32),
};
const whole = { WAF_TURN_KEYS_FILE: keysFile, WAF_TURN_SERVER_NAME: 'turn.ims.example', WAF_WWSF_TURN: 'true' };

function read(settings: Readonly<Record<string, string>>) {
  const config = readConfig({ ...least, ...settings });
  return readTurnTokens(config, readClients(config));
}

function clientsFile(client: Readonly<Record<string, unknown>>): string {
  const entry = { client_id: 'a.example', client_name: 'A', client_secret: 'very-secret-'.repeat(3), turn: true };
  return fileOf('clients.json', JSON.stringify([{ ...entry, ...client }]));
}

describe('readTurnTokens', () => {
  it('[X.5.3.1 a] [RFC 7635 4.1] makes tokens with the first key of the file, for an hour unless told otherwise', () => {
    expect(read(whole)).toEqual({
      asRsKey: { kid: 'one', algorithm: 'A256GCM', key: new Uint8Array(32).fill(1) },
      serverName: 'turn.ims.example',
      lifetimeSeconds: 3_600,
    });
  });

  it('[configuration] makes none unless told, and lets no client have any unless told', () => {
    expect(read({})).toBeUndefined();
    expect(readClients(readConfig(least)).map(({ mayUseTurn }) => mayUseTurn)).toEqual([false]);
  });

  const { WAF_TURN_KEYS_FILE, WAF_TURN_SERVER_NAME, WAF_WWSF_TURN } = whole;
  const grant = { grant_types: ['client_credentials'] };
  it.each([
    { name: 'WAF_TURN_SERVER_NAME', fault: 'keys without a name', env: { WAF_TURN_KEYS_FILE } },
    { name: 'WAF_TURN_KEYS_FILE', fault: 'a name without keys', env: { WAF_TURN_SERVER_NAME } },
    { name: 'WAF_TURN_KEYS_FILE', fault: 'a WWSF without keys', env: { WAF_WWSF_TURN } },
    { name: 'WAF_WWSF_TURN', fault: 'another word', env: { ...whole, WAF_WWSF_TURN: 'very-secret' } },
    { name: 'WAF_TURN_SERVER_NAME', fault: 'a quote', env: { ...whole, WAF_TURN_SERVER_NAME: 'very-secret"' } },
    { name: 'WAF_TURN_TOKEN_SECONDS', fault: 'no time', env: { ...whole, WAF_TURN_TOKEN_SECONDS: '0' } },
    { name: 'WAF_TURN_KEYS_FILE', fault: 'no file', env: { ...whole, WAF_TURN_KEYS_FILE: '/very-secret' } },
    {
      name: 'WAF_TURN_KEYS_FILE: entry 1, key',
      fault: 'a short key',
      env: { ...whole, WAF_TURN_KEYS_FILE: fileOf('short.json', JSON.stringify([{ ...key, key: 'very-secret' }])) },
    },
    {
      name: 'WAF_TURN_KEYS_FILE: key file',
      fault: 'a file that is no JSON',
      env: { ...whole, WAF_TURN_KEYS_FILE: fileOf('none.json', 'very-secret') },
    },
    {
      name: 'WAF_TURN_KEYS_FILE',
      fault: 'a client without keys',
      env: { WAF_CLIENTS_FILE: clientsFile(grant) },
    },
    {
      name: 'WAF_CLIENTS_FILE: 0.grant_types',
      fault: 'a client without client credentials',
      env: {
        ...whole,
        WAF_CLIENTS_FILE: fileOf(
          'code.json',
          JSON.stringify([
            {
              client_id: 'b.example',
              client_name: 'B',
              client_secret: 'very-secret-'.repeat(3),
              redirect_uris: ['https://b.example/callback'],
              turn: true,
            },
          ]),
        ),
      },
    },
  ])('[configuration] refuses $fault by name, without a value', ({ name, env }) => {
    const failure = (): unknown => read(env as Readonly<Record<string, string>>);
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    expect(failure).toThrow(expect.objectContaining({ message: expect.not.stringContaining('very-secret') }));
  });
});

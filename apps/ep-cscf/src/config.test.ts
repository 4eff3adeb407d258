import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@wicgate/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthorization } from './authorization/create-authorization.ts';
import { configSchema, readConfig } from './config.ts';

let folder: string;
let good: Readonly<Record<string, string>>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
  const file = join(folder, 'file.pem');
  writeFileSync(file, '');
  good = {
    EP_CSCF_TLS_CERT_FILE: file,
    EP_CSCF_TLS_KEY_FILE: file,
    EP_CSCF_ORIGINS: 'https://localhost:8443, https://app.example',
    EP_CSCF_HOME_DOMAIN: 'IMS.example',
    EP_CSCF_MW_TLS_CERT_FILE: file,
    EP_CSCF_MW_TLS_KEY_FILE: file,
    EP_CSCF_MW_TLS_CA_FILE: file,
    EP_CSCF_ICSCF_NAME: 'i-cscf.ims.example',
    EP_CSCF_MW_PEERS: '127.0.0.1:8453=s-cscf.ims.example,[::1]:5061=s2.ims.example',
    EP_CSCF_MW_TRUSTED_NAMES: 'i-cscf.ims.example,s-cscf.ims.example',
    EP_CSCF_WAF_ISSUER: 'https://localhost:8444',
    EP_CSCF_WAF_IDENTITY: 'waf.ims.example',
    EP_CSCF_WAF_AUDIENCE: 'https://ep-cscf.ims.example',
    EP_CSCF_TURN_SECRET: 'x'.repeat(32),
    EP_CSCF_STATE_DIR: folder,
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('configuration', () => {
  it('[configuration] is read with its defaults and frozen', () => {
    const config = readConfig(good);
    expect(Object.isFrozen(config)).toBe(true);
    expect(config).toMatchObject({
      EP_CSCF_PORT: 8_445,
      EP_CSCF_MW_PORT: 8_449,
      EP_CSCF_HOME_DOMAIN: 'ims.example',
      EP_CSCF_ORIGINS: ['https://localhost:8443', 'https://app.example'],
      EP_CSCF_MW_PEERS: [
        { host: '127.0.0.1', port: 8_453, name: 's-cscf.ims.example' },
        { host: '[::1]', port: 5_061, name: 's2.ims.example' },
      ],
      EP_CSCF_POOLS: [],
      EP_CSCF_ECSCF: [],
      EP_CSCF_FURTHER_PORTS: [],
      EP_CSCF_SCOPE: 'webrtc-ims-client-access-to-ims',
      EP_CSCF_PING_INTERVAL_MS: 15_000,
      EP_CSCF_REGISTRATION_DEADLINE_MS: 30_000,
    });
  });

  it.each([
    ['EP_CSCF_TURN_SECRET', 'too short to be a key'],
    ['EP_CSCF_ORIGINS', 'https://localhost:8443/page'],
    ['EP_CSCF_ORIGINS', 'http://localhost:8443'],
    ['EP_CSCF_ORIGINS', ''],
    ['EP_CSCF_WAF_ISSUER', 'http://localhost:8444'],
    ['EP_CSCF_MW_PEERS', '127.0.0.1:8453'],
    ['EP_CSCF_MW_PEERS', '127.0.0.1:0=s-cscf.ims.example'],
    ['EP_CSCF_TLS_KEY_FILE', '/nowhere/at/all'],
    ['EP_CSCF_PORT', '65536'],
    ['EP_CSCF_PING_INTERVAL_MS', '60000'],
    ['EP_CSCF_SCOPE', 'two scopes'],
    ['EP_CSCF_POOLS', 'visitor-*@ims.example'],
    ['EP_CSCF_POOLS', 'wwsf=guest-**@ims.example'],
    ['EP_CSCF_PARTNER_WAFS_FILE', '/nowhere/at/all.json'],
    ['EP_CSCF_REVOCATIONS', '-5'],
    ['EP_CSCF_TURN_HASH', 'md5'],
    ['EP_CSCF_TURN_LIFETIME_SECONDS', '86401'],
    ['EP_CSCF_TURN_POLICY', 'guest-*@ims.example=often'],
    ['EP_CSCF_TURN_REVOCATION_ENDPOINTS', 'http://turn.example/turn/revocations'],
    ['EP_CSCF_TURN_OPERATOR_TOKEN', 'too short to be a token'],
    ['EP_CSCF_TURN_REVOCATION_CA_FILE', '/nowhere/at/all.pem'],
    ['EP_CSCF_FURTHER_PORTS', '443,http'],
    ['EP_CSCF_FURTHER_PORTS', '70000'],
    ['EP_CSCF_ECSCF', '127.0.0.1:5061=a.example,127.0.0.1:5062=b.example'],
  ])('[configuration] refuses a bad %s by name and never repeats it', (name, value) => {
    const read = (): unknown => readConfig({ ...good, [name]: value });
    expect(read).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    if (value !== '') expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining(value) }));
  });

  it('[configuration] wants the operator token of TURN servers that are to be told of revocations', () => {
    const url = 'https://turn.example/turn/revocations';
    const token = 't'.repeat(32);
    const settings = { ...good, EP_CSCF_TURN_REVOCATION_ENDPOINTS: url };
    expect(() => readConfig(settings)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('TURN_OPERATOR_TOKEN') }),
    );
    expect(readConfig({ ...settings, EP_CSCF_TURN_OPERATOR_TOKEN: token })).toMatchObject({
      EP_CSCF_TURN_REVOCATION_ENDPOINTS: [url],
      EP_CSCF_TURN_POLICY: [],
      EP_CSCF_TURN_HASH: 'sha1',
    });
  });

  it.each([
    ['the issuer of the own WAF', { issuer: 'https://localhost:8444' }],
    ['the identity of the own WAF', { identity: 'waf.ims.example' }],
    ['a pool that overlaps with one of ours', { pool: 'guest-0*@ims.example' }],
  ])('[REQ 2.3] [REQ 3.2] refuses a partner with %s', (_fault, { pool, ...changes }: Record<string, string>) => {
    const wwsf = { client_id: 'web', identity: 'wwsf.partner.example', ...(pool !== undefined && { pool }) };
    const partner = { issuer: 'https://waf.partner.example', identity: 'waf.partner.example', wwsfs: [wwsf] };
    const file = join(folder, 'partners.json');
    writeFileSync(file, JSON.stringify([{ ...partner, ...changes }]));
    const settings = { EP_CSCF_PARTNER_WAFS_FILE: file, EP_CSCF_POOLS: 'wwsf.ims.example=guest-*@ims.example' };
    const config = readConfig({ ...good, ...settings });
    expect(() => createAuthorization(config, undefined, createLogger('test', 'silent'))).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: expect.stringContaining('EP_CSCF_PARTNER_WAFS_FILE'),
      }),
    );
  });

  it('[configuration] describes every setting', () => {
    for (const [name, field] of Object.entries(configSchema.shape)) expect(field.description, name).toBeTruthy();
  });
});

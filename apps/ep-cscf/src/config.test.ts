import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  ])('[configuration] refuses a bad %s by name and never repeats it', (name, value) => {
    const read = (): unknown => readConfig({ ...good, [name]: value });
    expect(read).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    if (value !== '') expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining(value) }));
  });

  it('[configuration] describes every setting', () => {
    for (const [name, field] of Object.entries(configSchema.shape)) expect(field.description, name).toBeTruthy();
  });
});

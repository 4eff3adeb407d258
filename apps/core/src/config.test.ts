import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const here = import.meta.filename;
const files = Object.fromEntries(
  ['ICSCF_TLS_CERT', 'ICSCF_TLS_KEY', 'SCSCF_TLS_CERT', 'SCSCF_TLS_KEY', 'TLS_CA'].map((name) => [
    `CORE_${name}_FILE`,
    here,
  ]),
);
const least = { ...files, CORE_HOME_DOMAIN: 'IMS.example', CORE_MW_PEERS: '127.0.0.1:8451=ep-cscf.ims.example' };

it('needs a domain, peers and certificates; the rest has defaults', () => {
  expect(readConfig(least)).toMatchObject({
    CORE_HOME_DOMAIN: 'ims.example',
    CORE_HOST: '127.0.0.1',
    CORE_ICSCF_PORT: 8_447,
    CORE_SCSCF_PORT: 8_448,
    CORE_ICSCF_TLS_PORT: 8_452,
    CORE_SCSCF_TLS_PORT: 8_453,
    CORE_MIN_EXPIRES_SECONDS: 60,
    CORE_MAX_EXPIRES_SECONDS: 3_600,
    CORE_MAX_REGISTRATIONS: 100_000,
    CORE_UNTRUSTED_REQUESTS_PER_SECOND: 50,
    CORE_UNTRUSTED_BURST: 200,
    CORE_BARRED_AUTHORITIES: [],
    CORE_MW_PEERS: [{ host: '127.0.0.1', port: 8_451, name: 'ep-cscf.ims.example' }],
  });
  expect(Object.isFrozen(readConfig(least))).toBe(true);
});

it('reads a list of barred authorities', () => {
  const { CORE_BARRED_AUTHORITIES } = readConfig({ ...least, CORE_BARRED_AUTHORITIES: 'a.example, b.example,' });
  expect(CORE_BARRED_AUTHORITIES).toEqual(['a.example', 'b.example']);
});

describe('a bad value stops the start and names the variable, not the value', () => {
  it.each([
    ['CORE_HOME_DOMAIN', 'no domain'],
    ['CORE_HOME_DOMAIN', undefined],
    ['CORE_MW_PEERS', 'bad-value'],
    ['CORE_ICSCF_PORT', '65536'],
    ['CORE_SCSCF_TLS_PORT', 'bad-value'],
    ['CORE_TLS_CA_FILE', '/bad-value'],
    ['CORE_MIN_EXPIRES_SECONDS', '0'],
    ['CORE_MIN_EXPIRES_SECONDS', '3601'],
    ['CORE_MAX_EXPIRES_SECONDS', '1000000'],
    ['CORE_MAX_REGISTRATIONS', '0'],
    ['CORE_UNTRUSTED_REQUESTS_PER_SECOND', '0'],
    ['CORE_UNTRUSTED_BURST', 'bad-value'],
    ['CORE_BARRED_AUTHORITIES', 'bad value'],
  ])('%s=%s', (name, value) => {
    const read = (): unknown => readConfig({ ...least, [name]: value });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(read).toThrow(new RegExp(`^${name}(?:\\.0)?: `, 'u'));
    expect(read).not.toThrow(/bad.value/u);
  });
});

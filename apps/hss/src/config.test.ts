import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const env = { HSS_DATABASE_FILE: '/var/lib/hss.db', HSS_HOME_DOMAIN: 'IMS.example' };

describe('Configuration', () => {
  it('[TS 23.003 13.2] takes the home domain in lower case, and defaults for the rest', () => {
    expect(readConfig(env)).toEqual({
      HSS_HOST: '127.0.0.1',
      HSS_PORT: 8446,
      HSS_DATABASE_FILE: '/var/lib/hss.db',
      HSS_HOME_DOMAIN: 'ims.example',
    });
  });

  it.each(['127.0.0.2', '::1'])('[RFC 1122 3.2.1.3] listens on %s', (host) => {
    expect(readConfig({ ...env, HSS_HOST: host }).HSS_HOST).toBe(host);
  });

  it.each([
    ['HSS_HOST', '0.0.0.0', 'loopback'],
    ['HSS_HOST', '::', 'loopback'],
    ['HSS_HOST', '192.0.2.1', 'loopback'],
    ['HSS_HOST', '127.evil.example', 'loopback'],
    ['HSS_PORT', 'many', 'expected a TCP port'],
    ['HSS_PORT', '65536', 'expected a TCP port'],
    ['HSS_DATABASE_FILE', '', 'expected the path'],
    ['HSS_DATABASE_FILE', undefined, 'expected the path'],
    ['HSS_HOME_DOMAIN', 'ims_.example', 'expected a domain name'],
    ['HSS_HOME_DOMAIN', undefined, 'expected a domain name'],
  ])('[RFC 1122 3.2.1.3] refuses %s=%s by name, without the value', (name, value, expected) => {
    const read = () => readConfig({ ...env, [name]: value });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(read).toThrow(new RegExp(`^${name}: .*${expected}`));
    if (value) expect(read).not.toThrow(value);
  });
});

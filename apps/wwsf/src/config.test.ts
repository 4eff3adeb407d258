import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    const file = join(folder, 'index.html');
    writeFileSync(file, '');
    env = {
      WWSF_TLS_CERT_FILE: file,
      WWSF_TLS_KEY_FILE: file,
      WWSF_STATE_DIR: folder,
      WWSF_WIC_DIR: folder,
      WWSF_WAF_ISSUER: 'https://localhost:8444',
      WWSF_CLIENT_ID: 'wwsf.ims.example',
      WWSF_CLIENT_SECRET: 's'.repeat(32),
      WWSF_HOME_DOMAIN: 'ims.example',
    };
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('[contract] knows the ports of the contract', () => {
    const config = readConfig(env);
    expect(config).toMatchObject({
      WWSF_HOST: '127.0.0.1',
      WWSF_PORT: 8443,
      WWSF_ORIGIN: 'https://localhost:8443',
      WWSF_EP_CSCF_URL: 'wss://localhost:8445/',
      WWSF_TURN_URIS: [],
      WWSF_TOKEN_REFRESH_SECONDS: 60,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each([
    ['WWSF_TURN_URIS', 'turn:127.0.0.1:8450?transport=udp, turns:turn.ims.example', 2],
    ['WWSF_TURN_URIS', ' ', 0],
  ])('[RFC 7065 3.1] reads %s=%j', (name, value, length) => {
    expect(readConfig({ ...env, [name]: value }).WWSF_TURN_URIS).toHaveLength(length);
  });

  it('[operation] trusts no proxy unless told its address', () => {
    expect(readConfig(env).WWSF_TRUSTED_PROXIES).toEqual([]);
    const { WWSF_TRUSTED_PROXIES } = readConfig({ ...env, WWSF_TRUSTED_PROXIES: '192.0.2.1, 2001:db8::/32' });
    expect(WWSF_TRUSTED_PROXIES).toEqual(['192.0.2.1', '2001:db8::/32']);
  });

  it('[contract] takes an origin with a slash at its end', () => {
    expect(readConfig({ ...env, WWSF_ORIGIN: 'https://phone.ims.example/' }).WWSF_ORIGIN).toBe(
      'https://phone.ims.example',
    );
  });

  it.each([
    ['WWSF_PORT', '0'],
    ['WWSF_ORIGIN', 'http://localhost:8443'],
    ['WWSF_ORIGIN', 'https://localhost:8443/path'],
    ['WWSF_ORIGIN', 'https://user@localhost:8443'],
    ['WWSF_TLS_CERT_FILE', '/nowhere'],
    ['WWSF_WIC_DIR', '/nowhere'],
    ['WWSF_WAF_ISSUER', 'http://localhost:8444'],
    ['WWSF_CLIENT_SECRET', 'hunter2'],
    ['WWSF_EP_CSCF_URL', 'ws://localhost:8445/'],
    ['WWSF_EP_CSCF_URL', 'wss://user:hunter2@localhost:8445/'],
    ['WWSF_HOME_DOMAIN', 'not a domain'],
    ['WWSF_TURN_URIS', 'stun:127.0.0.1'],
    ['WWSF_TURN_URIS', Array.from({ length: 9 }, () => 'turn:a').join()],
    ['WWSF_TURN_SERVERS_FILE', '/nowhere'],
    ['WWSF_TURN_SERVERS_AT_ONCE', '5'],
    ['WWSF_TURN_ACCESS', 'hunter2'],
    ['WWSF_TURN_SECRET', 'hunter2'],
    ['WWSF_TURN_HASH', 'md5'],
    ['WWSF_TURN_CREDENTIAL_SECONDS', '59'],
    ['WWSF_TURN_REQUESTS_PER_SESSION', '0'],
    ['WWSF_ICE_TRANSPORT_POLICY', 'none'],
    ['WWSF_TRUSTED_PROXIES', 'true'],
    ['WWSF_TRUSTED_PROXIES', '192.0.2.1,proxy.example'],
    ['WWSF_SESSION_LIFETIME_SECONDS', '-1'],
    ['WWSF_CLIENT_AUTH_METHOD', 'none'],
    ['WWSF_CLIENT_KEY_FILE', '/nowhere'],
    ['WWSF_SIGN_IN', 'nobody'],
    ['WWSF_ACCOUNTS_FILE', '/nowhere'],
    ['WWSF_POOL', 'guest@ims.example'],
    ['WWSF_POOL', 'guest-0..100000@ims.example'],
    ['WWSF_POOL_COOL_DOWN_SECONDS', '0'],
    ['WWSF_ISIM_ORIGIN', 'http://localhost:8455'],
    ['WWSF_ISIM_ORIGIN', 'https://localhost:8455/page'],
    ['WWSF_WAYS', ''],
    ['WWSF_WAYS', 'web,telepathy'],
  ])('[operation] names %s and keeps its value to itself: %j', (name, value) => {
    const read = (): unknown => readConfig({ ...env, [name]: value });
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    expect(read).toThrow(name);
    expect(read).not.toThrow('hunter2');
  });
});

import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const least = { TURN_REALM: 'ims.example', TURN_SECRET: 'a secret of at least thirty-two characters' };

/** The setting at fault, and what is said of it. */
function faultIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split(/: (.*)/s, 2) : [];
  }
}

describe('Configuration', () => {
  it('needs realm and secret only', () => {
    expect(readConfig(least)).toMatchObject({
      TURN_HOST: '127.0.0.1',
      TURN_PORT: 8_450,
      TURN_RELAY_HOST: '127.0.0.1',
      TURN_RELAY_PORT_MIN: 49_152,
      TURN_RELAY_PORT_MAX: 65_535,
      TURN_ALLOW_LOOPBACK_PEERS: false,
      TURN_DEFAULT_LIFETIME_SECONDS: 600,
      TURN_MAX_LIFETIME_SECONDS: 3_600,
    });
  });

  it('takes the lab’s relay ports and a short lifetime', () => {
    const lab = {
      TURN_RELAY_PORT_MIN: '8463',
      TURN_RELAY_PORT_MAX: '8562',
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
      TURN_DEFAULT_LIFETIME_SECONDS: '20',
      TURN_MAX_LIFETIME_SECONDS: '20',
    };
    expect(readConfig({ ...least, ...lab })).toMatchObject({
      TURN_ALLOW_LOOPBACK_PEERS: true,
      TURN_MAX_LIFETIME_SECONDS: 20,
    });
  });

  it.each([
    { setting: 'TURN_SECRET', value: 'short' },
    { setting: 'TURN_SECRET', value: undefined },
    { setting: 'TURN_PREVIOUS_SECRET', value: 'short' },
    { setting: 'TURN_SECRET_HASH', value: 'md5' },
    { setting: 'TURN_OAUTH_KEYS_FILE', value: '/no/such/file' },
    { setting: 'TURN_OAUTH_KEYING', value: 'other' },
    { setting: 'TURN_OAUTH_SERVER_NAME', value: 'a name' },
    { setting: 'TURN_USERS_FILE', value: '/no/such/file' },
    { setting: 'TURN_REALM', value: undefined },
    { setting: 'TURN_REALM', value: 'a "quoted" realm' },
    { setting: 'TURN_HOST', value: 'localhost' },
    { setting: 'TURN_PORT', value: '65536' },
    { setting: 'TURN_RELAY_HOST', value: '0.0.0.0' },
    { setting: 'TURN_RELAY_HOST', value: '::1' },
    { setting: 'TURN_RELAY_PORT_MIN', value: '0' },
    { setting: 'TURN_RELAY_PORT_MAX', value: '49151' },
    { setting: 'TURN_ALLOW_LOOPBACK_PEERS', value: 'yes' },
    { setting: 'TURN_MAX_LIFETIME_SECONDS', value: '0' },
    { setting: 'TURN_USER_QUOTA', value: '0' },
    { setting: 'TURN_ADDRESS_QUOTA', value: '0' },
    { setting: 'TURN_USER_KBPS', value: '0' },
    { setting: 'TURN_TOTAL_KBPS', value: 'much' },
    { setting: 'TURN_CHALLENGES_PER_SECOND', value: '-1' },
    { setting: 'TURN_ALLOWED_PEERS', value: '127.1' },
    { setting: 'TURN_DENIED_PEERS', value: 'internal.example' },
    { setting: 'TURN_OPERATOR_TOKEN', value: 'short' },
    { setting: 'TURN_ALTERNATE_SERVERS', value: 'turn.example:3478' },
    { setting: 'TURN_DRAIN_SECONDS', value: '86401' },
  ])('refuses $value as $setting, names the setting and keeps the value', ({ setting, value }) => {
    const named = expect.stringContaining(setting);
    expect(() => readConfig({ ...least, [setting]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: named }),
    );
  });

  it.each([
    { setting: 'TURN_REALM', value: undefined, says: 'expected it: 1 to 127 visible ASCII characters' },
    { setting: 'TURN_PORT', value: 'abc', says: 'expected a whole number from 0 to 65535' },
    { setting: 'TURN_PORT', value: '1.5', says: 'expected a whole number from 0 to 65535' },
    { setting: 'TURN_HOST', value: 'localhost', says: 'expected an IPv4 address' },
    { setting: 'TURN_SECRET', value: 'short', says: 'expected at least 32 characters' },
    { setting: 'TURN_ENGINE', value: 'foo', says: 'expected builtin, coturn or node-turn' },
    { setting: 'TURN_USER_QUOTA', value: '0', says: 'expected a whole number from 1 to 1000000' },
    { setting: 'TURN_USERS_FILE', value: '/no/such/file', says: 'no such file; expected the path of a file' },
    { setting: 'TURN_TLS_CERT_FILE', value: '/no/such/file', says: 'no such file; expected the path of a file' },
    { setting: 'TURN_FURTHER_PORTS', value: 'foo:1', says: /^expected udp, tcp or tls before the colon in entry 1,/ },
    { setting: 'TURN_FURTHER_PORTS', value: 'udp:1,tcp:x', says: /^expected a port from 1 to 65535 .* in entry 2,/ },
    { setting: 'TURN_FURTHER_PORTS', value: 'tcp:1,tls:1', says: /^expected each port once; TCP and TLS .*entry 2/ },
    { setting: 'TURN_FURTHER_PORTS', value: 'udp:1,'.repeat(17), says: 'expected at most 16 ports' },
  ])('says in words what it expects of $setting', ({ setting, value, says }) => {
    expect(faultIn({ ...least, [setting]: value })).toEqual([
      setting,
      typeof says === 'string' ? says : expect.stringMatching(says),
    ]);
  });

  it('[X.5.2.2-6] refuses a previous Km without one in use', () => {
    const previous = { TURN_SECRET: undefined, TURN_PREVIOUS_SECRET: 'a secret of at least thirty-two characters' };
    expect(() => readConfig({ ...least, ...previous })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('TURN_SECRET') }),
    );
  });
});

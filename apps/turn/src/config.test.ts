import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const least = { TURN_REALM: 'ims.example', TURN_SECRET: 'a secret of at least thirty-two characters' };

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

  it('[X.5.2.2-6] refuses a previous Km without one in use', () => {
    const previous = { TURN_SECRET: undefined, TURN_PREVIOUS_SECRET: 'a secret of at least thirty-two characters' };
    expect(() => readConfig({ ...least, ...previous })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('TURN_SECRET') }),
    );
  });
});

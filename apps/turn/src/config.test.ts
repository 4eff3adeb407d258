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
  ])('refuses $value as $setting, names the setting and keeps the value', ({ setting, value }) => {
    const named = expect.stringContaining(setting);
    expect(() => readConfig({ ...least, [setting]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: named }),
    );
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, impuOf } from '../testing.ts';

const password = 'the-password-of-alice';
const impi = 'alice@ims.example';
let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

describe('credentials', () => {
  const cases: readonly (readonly [fault: string, options: object, named: string])[] = [
    ['none at all', { credentials: undefined, accessToken: undefined }, 'credentials'],
    ['two kinds', { credentials: { kind: 'digest', password }, accessToken: async () => 'token' }, 'credentials'],
    ['an empty password', { credentials: { kind: 'digest', password: '' } }, 'credentials.password'],
    ['an impi without domain', { credentials: { kind: 'digest', impi: 'alice', password } }, 'credentials.impi'],
    [
      'an impi with a quote',
      { credentials: { kind: 'digest', impi: 'a"b@ims.example', password } },
      'credentials.impi',
    ],
    ['no H(A1)', { credentials: { kind: 'digest', ha1: {} } }, 'credentials.ha1'],
    ['a short H(A1)', { credentials: { kind: 'digest', ha1: { MD5: 'abc' } } }, 'credentials.ha1'],
    ['an H(A1) of letters', { credentials: { kind: 'digest', ha1: { MD5: 'z'.repeat(32) } } }, 'credentials.ha1'],
  ];
  it.each(cases)('[X.2.2.3] %s is the mistake of the caller', (_fault, options, named) => {
    const open = (): unknown => world.openBrowser().open(impuOf('alice'), options);
    expect(open).toThrow(TypeError);
    expect(open).toThrow(new RegExp(`^${named.replace('.', '\\.')}:`, 'u'));
  });

  it('[N.2.1.1 NOTE 2a] need an impi beside a telephone number: none can be made of it', () => {
    const open = (impiOf?: string): unknown =>
      world.openBrowser().open('tel:+4930123', { credentials: { kind: 'digest', impi: impiOf, password } });
    expect(() => open()).toThrow(TypeError);
    expect(() => open(impi)).not.toThrow();
  });

  it('[X.3.2.3-1] of the web are the same by either name', async () => {
    const credentials = { kind: 'web', accessToken: async () => 'token' } as const;
    const { wic } = await world.register('alice', { credentials });
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(world.gateway.requests('REGISTER')[0]?.headers.first('Authorization')).toBe('Bearer access_token="token"');
  });
});

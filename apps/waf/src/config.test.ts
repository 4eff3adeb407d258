/**
 * Settings: what is taken, and what stops the start.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readClients } from './clients.ts';
import { readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'waf-config-'));
const file = join(folder, 'some.pem');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true }));

const secret = 'q'.repeat(32);
const least = {
  WAF_TLS_CERT_FILE: file,
  WAF_TLS_KEY_FILE: file,
  WAF_STATE_DIR: folder,
  WAF_WWSF_CLIENT_SECRET: secret,
};

describe('Configuration', () => {
  it('[configuration] has the defaults of the lab', () => {
    expect(readConfig(least)).toMatchObject({
      WAF_PORT: 8444,
      WAF_ISSUER: 'https://localhost:8444',
      WAF_AUDIENCE: 'https://ep-cscf.ims.example',
      WAF_TOKEN_LIFETIME_SECONDS: 300,
      WAF_WWSF_CLIENT_ID: 'wwsf.ims.example',
      WAF_WWSF_ORIGIN: 'https://localhost:8443',
    });
  });

  it('[configuration] trusts no proxy unless told its address', () => {
    expect(readConfig(least).WAF_TRUSTED_PROXIES).toEqual([]);
    const { WAF_TRUSTED_PROXIES } = readConfig({ ...least, WAF_TRUSTED_PROXIES: '192.0.2.1, 2001:db8::/32' });
    expect(WAF_TRUSTED_PROXIES).toEqual(['192.0.2.1', '2001:db8::/32']);
  });

  it.each([
    ['WAF_PORT', '65536'],
    ['WAF_ISSUER', 'http://localhost:8444'],
    ['WAF_ISSUER', 'https://localhost:8444/'],
    ['WAF_ISSUER', 'https://localhost:8444/oidc'],
    ['WAF_TLS_CERT_FILE', '/nowhere/at.all'],
    ['WAF_WWSF_CLIENT_SECRET', 'short-and-secret'],
    ['WAF_WWSF_ORIGIN', 'https://localhost:8443/app'],
    ['WAF_TOKEN_LIFETIME_SECONDS', '29'],
    ['WAF_LOGIN_FAILURES_PER_ACCOUNT', '-7'],
    ['WAF_LOGIN_FAILURES_PER_ADDRESS', 'many'],
    ['WAF_CLIENTS_FILE', '/nowhere/at.all'],
    ['WAF_WWSF_AUTH_METHOD', 'client_secret_post'],
    ['WAF_WWSF_TLS_SAN_DNS', '*.ims.example'],
    ['WAF_WWSF_POOL', 'guest@ims.example'],
    ['WAF_MTLS_PORT', '65537'],
    ['WAF_MTLS_ORIGIN', 'https://localhost:8457/mtls'],
    ['WAF_REVOCATION_ENDPOINTS', 'http://ep-cscf.ims.example/revocations'],
    ['WAF_REVOCATION_ENDPOINTS', 'https://ok.example/revocations,https://user:pass@ep-cscf.ims.example/'],
    ['WAF_REVOCATION_ENDPOINTS', 'ftp://127.0.0.1/'],
    ['WAF_TOKEN_REQUESTS_PER_CLIENT', '0'],
    ['WAF_TRUSTED_PROXIES', 'true'],
    ['WAF_TRUSTED_PROXIES', '192.0.2.1,proxy.example'],
    ['WAF_TRUSTED_PROXIES', '192.0.2.0/33'],
  ])('[configuration] refuses %s=%s by name, without the value', (name, value) => {
    const failure = (): unknown => readConfig({ ...least, [name]: value });
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    expect(failure).toThrow(expect.objectContaining({ message: expect.not.stringContaining(value) }));
  });
});

describe('Authentication of clients', () => {
  const { WAF_WWSF_CLIENT_SECRET: _, ...without } = least;
  const publicKey = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
  const keysFile = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  it('[REQ 2.0] takes what the method of the WWSF needs', () => {
    const [own] = readClients(
      readConfig({
        ...without,
        WAF_WWSF_AUTH_METHOD: 'private_key_jwt',
        WAF_WWSF_JWKS_FILE: keysFile('public.json', { keys: [publicKey] }),
      }),
    );
    expect(own?.authentication).toEqual({ method: 'private_key_jwt', jwks: { keys: [publicKey] } });
  });

  it('[REQ 2.2] takes revocations to https, and to this machine itself', () => {
    const endpoints = 'https://ep-cscf.ims.example/revocations, http://127.0.0.1:8454/revocations';
    expect(readConfig({ ...least, WAF_REVOCATION_ENDPOINTS: endpoints }).WAF_REVOCATION_ENDPOINTS).toEqual(
      endpoints.split(', '),
    );
    expect(readConfig(least).WAF_REVOCATION_ENDPOINTS).toEqual([]);
  });

  it.each([
    { name: 'WAF_WWSF_CLIENT_SECRET', env: without },
    { name: 'WAF_WWSF_JWKS_FILE', env: { ...without, WAF_WWSF_AUTH_METHOD: 'private_key_jwt' } },
    { name: 'WAF_WWSF_CLIENT_SECRET', env: { ...least, WAF_WWSF_AUTH_METHOD: 'private_key_jwt' } },
    { name: 'WAF_WWSF_TLS_SAN_DNS', env: { ...without, WAF_WWSF_AUTH_METHOD: 'tls_client_auth' } },
    {
      name: 'WAF_MTLS_PORT',
      env: { ...without, WAF_WWSF_AUTH_METHOD: 'tls_client_auth', WAF_WWSF_TLS_SAN_DNS: 'wwsf.example' },
    },
    { name: 'WAF_MTLS_CA_FILE', env: { ...least, WAF_MTLS_PORT: '8457' } },
    {
      name: 'WAF_WWSF_JWKS_FILE',
      env: {
        ...without,
        WAF_WWSF_AUTH_METHOD: 'private_key_jwt',
        WAF_WWSF_JWKS_FILE: keysFile('private.json', { keys: [{ ...publicKey, d: 'very-secret' }] }),
      },
    },
  ])('[REQ 2.0] refuses a WWSF without what its method needs: $name', ({ name, env }) => {
    const failure = (): unknown => readClients(readConfig(env));
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
    expect(failure).toThrow(expect.objectContaining({ message: expect.not.stringContaining('very-secret') }));
  });
});

describe('Clients', () => {
  const client = {
    client_id: 'wwsf.partner.example',
    client_secret: 'very-secret-very-secret-very-secret',
    client_name: 'Partner',
    redirect_uris: ['https://partner.example/callback'],
  };
  const read = (content: string) => {
    const path = join(folder, 'clients.json');
    writeFileSync(path, content);
    return readClients(readConfig({ ...least, WAF_CLIENTS_FILE: path }));
  };

  it('[X.3.2.3-0] are the operator’s own WWSF and those of the file', () => {
    expect(read(JSON.stringify([client])).map(({ clientId, own }) => [clientId, own])).toEqual([
      ['wwsf.ims.example', true],
      ['wwsf.partner.example', false],
    ]);
  });

  it.each([
    { fault: 'no JSON', content: '[{"client_secret": "very-secret-very-secret-very-secret"' },
    { fault: 'a client twice', content: JSON.stringify([client, client]) },
    { fault: 'the WWSF’s own client_id', content: JSON.stringify([{ ...client, client_id: 'wwsf.ims.example' }]) },
    {
      fault: 'a redirect over http',
      content: JSON.stringify([{ ...client, redirect_uris: ['http://partner.example/'] }]),
    },
    { fault: 'a member nobody knows', content: JSON.stringify([{ ...client, grant_types: ['implicit'] }]) },
    { fault: 'no redirect for the code flow', content: JSON.stringify([{ ...client, redirect_uris: [] }]) },
    {
      fault: 'a secret beside another method',
      content: JSON.stringify([
        { ...client, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'a.example' },
      ]),
    },
    {
      fault: 'pools that overlap',
      content: JSON.stringify([
        { ...client, pool: 'guest-*@ims.example' },
        { ...client, client_id: 'other', pool: 'guest-1*@ims.example' },
      ]),
    },
    { fault: 'a short secret', content: JSON.stringify([{ ...client, client_secret: 'very-secret' }]) },
  ])('[configuration] refuses a file with $fault, without a secret in the message', ({ content }) => {
    const failure = (): unknown => read(content);
    expect(failure).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: expect.stringContaining('WAF_CLIENTS_FILE') }),
    );
    expect(failure).toThrow(expect.objectContaining({ message: expect.not.stringContaining('very-secret') }));
  });
});

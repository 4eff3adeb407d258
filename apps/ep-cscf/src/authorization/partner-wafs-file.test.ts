import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPartnerWafs } from './partner-wafs-file.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'partners-'));
  await CertificateAuthority.open(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const wwsf = { client_id: 'web', identity: 'wwsf.partner.example' };
const good = { issuer: 'https://waf.partner.example', identity: 'waf.partner.example', wwsfs: [wwsf] };

function read(content: unknown): ReturnType<typeof readPartnerWafs> {
  const file = join(folder, 'partners.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readPartnerWafs(file);
}

describe('the file of partners', () => {
  it('[configuration] may be empty', () => {
    expect(read([])).toEqual([]);
  });

  it('[REQ 2.3] gives each WAF its identity, audience, authority and WWSFs', async () => {
    const { certFile } = await CertificateAuthority.open(folder);
    const pool = { pool: 'partner-*@ims.example', pool_only: true };
    const file = certFile.slice(folder.length + 1);
    const [partner] = read([
      { ...good, ca_file: file, audience: 'urn:us', wwsfs: [wwsf, { ...wwsf, ...pool, client_id: 'b' }] },
    ]);
    expect(partner).toMatchObject({ issuer: good.issuer, identity: good.identity, audience: 'urn:us' });
    expect(String(partner?.ca)).toContain('BEGIN CERTIFICATE');
    expect(partner?.wwsfs.map(({ clientId, identity, poolOnly }) => [clientId, identity, poolOnly])).toEqual([
      ['web', 'wwsf.partner.example', false],
      ['b', 'wwsf.partner.example', true],
    ]);
  });

  it.each([
    ['no JSON', '{', 'expected a JSON file'],
    ['no list', good, ': '],
    ['an issuer without TLS', [{ ...good, issuer: 'http://waf.partner.example' }], '0.issuer: expected an https URL'],
    ['no identity', [{ ...good, identity: 'not a domain' }], '0.identity: expected a domain name'],
    ['no WWSF', [{ ...good, wwsfs: [] }], '0.wwsfs: '],
    ['a key that nobody knows', [{ ...good, secret: 'x' }], '0: '],
    ['an issuer twice', [good, { ...good, identity: 'b.example' }], 'expected every issuer once'],
    ['an identity twice', [good, { ...good, issuer: 'https://b.example' }], 'expected every identity once'],
    ['a client twice', [{ ...good, wwsfs: [wwsf, wwsf] }], '0.wwsfs: expected every client_id once'],
    ['a bad pool', [{ ...good, wwsfs: [{ ...wwsf, pool: '**@x' }] }], '0.wwsfs.0.pool: expected a pattern'],
    ['nothing but a pool that is not there', [{ ...good, wwsfs: [{ ...wwsf, pool_only: true }] }], '0.wwsfs.0.pool: '],
    ['an authority that is not there', [{ ...good, ca_file: 'nowhere.pem' }], '0.ca_file: expected a readable PEM'],
    ['an authority that is none', [{ ...good, ca_file: 'partners.json' }], '0.ca_file: expected a readable PEM'],
  ])('[configuration] with %s is refused in a line that says where', (_fault, content, message) => {
    const expected = { code: 'ERR_CONFIG_INVALID', message: expect.stringContaining(message) };
    expect(() => read(content)).toThrow(expect.objectContaining(expected));
    expect(() => read(content)).toThrow(/^EP_CSCF_PARTNER_WAFS_FILE: /u);
  });
});

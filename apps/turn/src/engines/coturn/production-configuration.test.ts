import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CertificateAuthority } from '@wicgate/certificates';
import { createLogger } from '@wicgate/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deniedByDefault, impossiblePeers } from '../../allocations/special-networks.ts';
import { answersBinding } from '../binding-probe.ts';
import { leashed } from '../child-program.ts';
import { Supervisor } from '../supervisor.ts';
import { credentialCases } from '../testing/credential-cases.ts';
import { freePort, type RunningEngine, realm, secret } from '../testing/engine-process.ts';
import { knownDefect } from '../testing/known-defects.ts';
import { peerCases } from '../testing/peer-cases.ts';
import { Stand } from '../testing/stand.ts';
import { networkRange } from './network-range.ts';

const file = readFileSync(
  fileURLToPath(new URL('../../../../../infra/coturn/turnserver.conf', import.meta.url)),
  'utf8',
);

describe('infra/coturn/turnserver.conf', () => {
  it('offers TLS on port 443', () => {
    expect(file).toMatch(/^tls-listening-port=443$/mu);
  });

  it('denies every network that our own engine denies', () => {
    const lines = file.split('\n');
    const networks = [...impossiblePeers, ...deniedByDefault].filter(
      ([address, bits]) => address !== '::' || bits < 128,
    );
    expect(networks.filter((network) => !lines.includes(`denied-peer-ip=${networkRange(network)}`))).toEqual([]);
  });
});

describe.skipIf(!existsSync('/usr/bin/turnserver'))('coturn in production', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coturn-production-'));
  let engine: RunningEngine;
  let supervisor: Supervisor | undefined;

  beforeAll(async () => {
    const authority = await CertificateAuthority.open(folder);
    const { certFile, keyFile } = await authority.certificate('localhost', ['localhost', '127.0.0.1']);
    const [port, tlsPort] = [await freePort(), await freePort()];
    const changes: Readonly<Record<string, string | undefined>> = {
      'listening-ip': '127.0.0.1',
      // For the cases of IPv6 peers.
      'relay-ip': '127.0.0.1\nrelay-ip=::1',
      'listening-port': String(port),
      'tls-listening-port': String(tlsPort),
      'cert': certFile,
      'pkey': keyFile,
      'realm': realm,
      'static-auth-secret': secret,
      'pidfile': join(folder, 'pid'),
      'proc-user': undefined,
      'proc-group': undefined,
    };
    const configuration = join(folder, 'turnserver.conf');
    writeFileSync(configuration, change(file, changes), { mode: 0o600 });
    engine = { name: 'coturn', host: '127.0.0.1', port, tlsPort, ca: readFileSync(authority.certFile, 'utf8') };
    supervisor = await Supervisor.start({
      engine: 'coturn',
      prepare: () => leashed('/usr/bin/turnserver', ['-c', configuration], ''),
      answers: () => answersBinding('127.0.0.1', port),
      log: createLogger('turn', 'silent'),
    });
  });
  afterAll(async () => {
    await supervisor?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const cases = [...peerCases, ...credentialCases.filter(({ says }) => !says.includes('the Km before'))].filter(
    ({ says }) => knownDefect('coturn', says) === undefined,
  );
  it.each(cases)('$says', async ({ run }) => {
    const stand = new Stand(engine);
    try {
      await run(stand);
    } finally {
      stand.close();
    }
  });

  it('serves over TLS', async () => {
    const stand = new Stand(engine);
    const { relayed } = await stand.allocated('TLS');
    expect(relayed.port).toBeGreaterThan(0);
    stand.close();
  });
});

/** Options by name; an undefined value takes the line away. */
function change(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values).reduce((changed, [name, value]) => {
    const line = new RegExp(`^${name}=.*$`, 'mu');
    expect(changed).toMatch(line);
    return changed.replace(line, value === undefined ? '' : `${name}=${value}`);
  }, text);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab } from './describe-lab.ts';
import { type Environment, environmentOf } from './environment.ts';
import { portsFrom } from './ports.ts';

const ports = portsFrom(8_443);
let folder: string;
let authority: CertificateAuthority;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-environment-'));
  authority = await CertificateAuthority.open(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function environmentWith(turnEngine: string): Promise<Environment> {
  return environmentOf({
    ports,
    homeDomain: 'ims.example',
    authority,
    secrets: { turn: 'Km', turnKeysFile: 'turn-keys.json', turnOperator: 'token' },
    stateFolder: folder,
    origins: [],
    pages: { wic: 'wic', isim: 'isim' },
    turnEngine,
    partner: undefined,
  });
}

function bannerWith(turnEngine: string): string {
  const urls = { wwsfUrl: 'https://localhost:8443', epCscfUrl: 'wss://localhost:8445/', caFile: 'ca.pem' };
  const lab = {
    ports,
    ...urls,
    homeDomain: 'ims.example' as const,
    isimProfileFiles: [],
    hasPartner: false,
    turnEngine,
  };
  return (
    describeLab(lab)
      .split('\n')
      .find((line) => line.startsWith('  TURN ')) ?? ''
  );
}

const udp = 'turn:127.0.0.1:8450?transport=udp';
const streams = ['turn:127.0.0.1:8450?transport=tcp', 'turns:localhost:8451?transport=tcp'];

describe('TURN_ENGINE of the lab', () => {
  it.each(['builtin', 'coturn'])('[npm start] %s is offered over UDP, TCP and TLS', async (engine) => {
    expect((await environmentWith(engine)).WWSF_TURN_URIS?.split(',')).toEqual([udp, ...streams]);
    expect(bannerWith(engine)).toContain('UDP and TCP; TLS on 8451; relay ports 8463 to 8562');
  });

  it('[npm start] node-turn is offered over UDP only, and the banner says so', async () => {
    expect((await environmentWith('node-turn')).WWSF_TURN_URIS).toBe(udp);
    expect(bannerWith('node-turn')).toContain('127.0.0.1:8450    by node-turn, UDP only; relay ports');
  });

  it('[npm start] the operator’s token is for our own engine, which alone has the calls', async () => {
    expect(await environmentWith('builtin')).toMatchObject({
      TURN_OPERATOR_TOKEN: 'token',
      EP_CSCF_TURN_OPERATOR_TOKEN: 'token',
    });
    expect(await environmentWith('coturn')).not.toHaveProperty('TURN_OPERATOR_TOKEN');
  });
});

/**
 * Trusted node authentication by a node that nobody trusts (TS 33.203 U.1, U.2 step 4).
 *
 * The very same octets let a user in where the certificate of their sender is on the list of Mw peers.
 *
 * @module
 */

import { CertificateAuthority } from '@wicgate/certificates';
import { exchangeTcp, exchangeUdp, requestText } from '../faults/sip-peer.ts';
import { exchangeTls } from './exchange-tls.ts';
import { expect, test } from './stage.ts';
import { vouching } from './statement.ts';

const cscfs = ['iCscf', 'sCscf'] as const;

for (const cscf of cscfs) {
  const name = cscf === 'iCscf' ? 'I-CSCF' : 'S-CSCF';
  for (const transport of ['TCP', 'UDP', 'TLS with an unlisted certificate'] as const) {
    test(`[U.2-4] [I-CSCF 5] auth-done over ${transport} is refused by the ${name}, and taken from a listed node`, async ({
      stage,
    }) => {
      const { caFile, ports } = stage.lab;
      const tlsPort = cscf === 'iCscf' ? ports.iCscfTls : ports.sCscfTls;
      const user = await stage.subscriber('victim');
      const headers = [
        `Authorization: ${vouching(`${user}@ims.example`)}`,
        'Path: <sip:flow@127.0.0.1:9;transport=tls;lr;ob>',
        'Supported: path, outbound',
      ];
      const text = (by: string): string => requestText({ method: 'REGISTER', user, transport: by, headers });
      const authority = await CertificateAuthority.open(stage.certificates);
      const unlisted = await authority.certificate('mallory', ['mallory.ims.example']);
      const send = {
        'TCP': () => exchangeTcp(ports[cscf], text('TCP')),
        'UDP': () => exchangeUdp(ports[cscf], text('UDP')),
        'TLS with an unlisted certificate': () => exchangeTls(tlsPort, text('TLS'), { ...unlisted, caFile }),
      } as const;
      expect(await onceHeard(send[transport])).toMatch(
        /^SIP\/2.0 403 Trusted node authentication needs a trusted peer\r\n/u,
      );

      const listed = await authority.certificate('ep-cscf', ['ep-cscf.ims.example']);
      expect(await exchangeTls(tlsPort, text('TLS'), { ...listed, caFile })).toMatch(/^SIP\/2.0 200 /u);
    });
  }
}

/** The first answer that is not about too many requests: floods of other tests may have used up what the address may send. */
async function onceHeard(send: () => Promise<string>): Promise<string> {
  let answer = '';
  await expect(async () => {
    answer = await send();
    expect(answer).not.toMatch(/^SIP\/2.0 503 Too Many Requests\r\n/u);
  }).toPass({ timeout: 30_000 });
  return answer;
}

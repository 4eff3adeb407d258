/**
 * Settings of the lab's functions that place each at an address of its own, where firewalls let people through
 * (TS 33.203 W.3.1.2, W.3.4, W.3.5).
 *
 * @module
 */
import type { CertificateAuthority } from '@wicgate/certificates';
import type { NetworkAddresses } from './network-addresses.ts';

export const keepAliveSeconds = 2;

export async function functionSettings(
  { wwsf, waf, epCscf, turn }: Omit<NetworkAddresses, 'proxy' | 'client'>,
  authority: CertificateAuthority,
): Promise<Readonly<Record<string, string>>> {
  const { certFile, keyFile } = await authority.certificate('functions', [wwsf, waf, epCscf, turn]);
  const turnUris = [
    `turn:${turn}:{turn}?transport=udp`,
    `turn:${turn}:80?transport=tcp`,
    `turns:${turn}:443?transport=tcp`,
  ];
  return {
    ...tlsOf('WWSF', certFile, keyFile),
    ...tlsOf('WAF', certFile, keyFile),
    ...tlsOf('EP_CSCF', certFile, keyFile),
    ...tlsOf('TURN', certFile, keyFile),
    WWSF_HOST: wwsf,
    WWSF_PORT: '443',
    WWSF_ORIGIN: `https://${wwsf}`,
    WWSF_WAF_ISSUER: `https://${waf}`,
    WWSF_WAF_CA_FILE: authority.certFile,
    WWSF_EP_CSCF_URL: `wss://${epCscf}/`,
    WWSF_TURN_URIS: turnUris.join(),
    WAF_HOST: waf,
    WAF_PORT: '443',
    WAF_ISSUER: `https://${waf}`,
    WAF_WWSF_ORIGIN: `https://${wwsf}`,
    EP_CSCF_HOST: epCscf,
    EP_CSCF_FURTHER_PORTS: '443',
    EP_CSCF_ORIGINS: `https://${wwsf}`,
    EP_CSCF_WAF_ISSUER: `https://${waf}`,
    EP_CSCF_WAF_CA_FILE: authority.certFile,
    EP_CSCF_PING_INTERVAL_MS: String(keepAliveSeconds * 1_000),
    TURN_HOST: turn,
    TURN_FURTHER_PORTS: 'tls:443,tcp:80',
  };
}

function tlsOf(name: string, certFile: string, keyFile: string): Record<string, string> {
  return { [`${name}_TLS_CERT_FILE`]: certFile, [`${name}_TLS_KEY_FILE`]: keyFile };
}

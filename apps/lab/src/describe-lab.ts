/**
 * What the lab says when it is ready.
 *
 * @module
 */
import { akaAccounts, digestAccounts, webAccounts } from './demo-accounts.ts';
import type { Lab } from './lab.ts';
import type { LabPorts } from './ports.ts';

type DescribedLab = Pick<
  Lab,
  'ports' | 'caFile' | 'wwsfUrl' | 'epCscfUrl' | 'homeDomain' | 'isimProfileFiles' | 'hasPartner' | 'turnEngine'
>;

export function describeLab(lab: DescribedLab): string {
  const { ports, caFile, wwsfUrl, epCscfUrl, homeDomain, isimProfileFiles } = lab;
  return `
Wicgate lab, home domain ${homeDomain}

  Telephone (WWSF)      ${wwsfUrl}    open this in a browser
  Sign-in (WAF)         https://localhost:${ports.waf}
  eP-CSCF, W2           ${epCscfUrl}    subprotocol sip
  eP-CSCF, Mw           127.0.0.1:${ports.epCscfMw}    mutual TLS
  I-CSCF                127.0.0.1:${ports.iCscfTls}    mutual TLS; TCP and UDP for untrusted peers on ${ports.iCscf}
  S-CSCF                127.0.0.1:${ports.sCscfTls}    mutual TLS; TCP and UDP for untrusted peers on ${ports.sCscf}
  HSS provisioning      http://127.0.0.1:${ports.hss}
  E-CSCF                127.0.0.1:${ports.eCscf}    mutual TLS; answers calls to urn:service:sos
  Soft ISIM             https://localhost:${ports.isim}
  TURN                  127.0.0.1:${ports.turn}    ${describeTurn(lab)}; relay ports ${ports.turnRelayMin} to ${ports.turnRelayMax}
  Operations            http://127.0.0.1:${ports.operations}/metrics    also /healthz and /readyz

Accounts
  name    password     public identity
${describeAccounts(homeDomain, isimProfileFiles).join('\n')}
${lab.hasPartner ? describePartner(ports) : ''}
Certificate authority: ${caFile}
  Let your browser trust it, or accept its warning once at each of
  ${wwsfUrl}, https://localhost:${ports.waf}, https://localhost:${ports.epCscf}, https://localhost:${ports.isim} (SIM)${
    lab.hasPartner
      ? `,
  https://localhost:${ports.partnerWwsf} and https://localhost:${ports.partnerWaf} (partner)`
      : ''
  }.

Press Ctrl-C to stop.
ready
`;
}

function describeTurn({ ports, turnEngine }: DescribedLab): string {
  if (turnEngine === 'node-turn') return 'by node-turn, UDP only';
  const ways = `UDP and TCP; TLS on ${ports.turnTls}`;
  return turnEngine === 'builtin' ? ways : `by ${turnEngine}, ${ways}`;
}

/** A line for each. */
function describeAccounts(homeDomain: string, isimProfileFiles: readonly string[]): readonly string[] {
  const withPassword = (
    { username, password, impu }: Readonly<Record<'username' | 'password' | 'impu', string>>,
    hint: string,
  ): string => `  ${username.padEnd(7)} ${password.padEnd(12)} ${impu}${hint}`;
  return [
    ...webAccounts(homeDomain).map((account) => withPassword(account, '')),
    ...digestAccounts(homeDomain).map((account) => withPassword(account, '    Use SIP password')),
    ...akaAccounts(homeDomain).map(
      ({ impu }, index) => `  ${impu}    Use SIM, with the profile ${isimProfileFiles[index]}`,
    ),
  ];
}

function describePartner(ports: LabPorts): string {
  return `
Partner domain (a third party)
  Telephone (WWSF)      https://localhost:${ports.partnerWwsf}    alice, bob and carol, with their passwords; the
                        subscriptions of alice and bob allow it
  Partner WAF           https://localhost:${ports.partnerWaf}
`;
}

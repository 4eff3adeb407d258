/**
 * What the lab says when it is ready.
 *
 * @module
 */
import { webAccounts } from './demo-accounts.ts';
import type { Lab } from './lab.ts';

export function describeLab({ ports, caFile, wwsfUrl, epCscfUrl, homeDomain }: Lab): string {
  const accounts = webAccounts(homeDomain).map(
    ({ username, password, impu }) => `  ${username.padEnd(7)} ${password.padEnd(12)} ${impu}`,
  );
  return `
Wicgate lab, home domain ${homeDomain}

  Telephone (WWSF)      ${wwsfUrl}    open this in a browser
  Sign-in (WAF)         https://localhost:${ports.waf}
  eP-CSCF, W2           ${epCscfUrl}    subprotocol sip
  eP-CSCF, Mw           127.0.0.1:${ports.epCscfMw}    mutual TLS
  I-CSCF                127.0.0.1:${ports.iCscfTls}    mutual TLS; TCP and UDP for untrusted peers on ${ports.iCscf}
  S-CSCF                127.0.0.1:${ports.sCscfTls}    mutual TLS; TCP and UDP for untrusted peers on ${ports.sCscf}
  HSS provisioning      http://127.0.0.1:${ports.hss}
  TURN                  127.0.0.1:${ports.turn}    UDP and TCP; relay ports ${ports.turnRelayMin} to ${ports.turnRelayMax}
  Operations            http://127.0.0.1:${ports.operations}/metrics    also /healthz and /readyz

Accounts
  name    password     public identity
${accounts.join('\n')}

Certificate authority: ${caFile}
  Let your browser trust it, or accept its warning once at each of
  ${wwsfUrl}, https://localhost:${ports.waf} and https://localhost:${ports.epCscf}.

Press Ctrl-C to stop.
ready
`;
}

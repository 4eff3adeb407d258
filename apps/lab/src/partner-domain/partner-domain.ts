/**
 * The domain of a third party: a WWSF that signs its users in itself, and the WAF that vouches for them (TS 33.203
 * X.3.2.3 steps 0.1, 5.2 and 6.2).
 *
 * @module
 */
import { Operations, type ProcessContext, type RunningFunction } from '@wicgate/node-kit';
import * as waf from '@wicgate/waf';
import * as wwsf from '@wicgate/wwsf';
import type { LabSurroundings } from '../environment.ts';
import { partnerAccounts, writePartnerAccounts } from './partner-accounts.ts';
import { accountsFile, partnerEnvironment, partnerWwsf } from './partner-environment.ts';

/** Its users are known to the WAF and the WWSF, and have allowed the WWSF to register in their names. */
export async function startPartnerDomain(around: LabSurroundings, given: ProcessContext): Promise<RunningFunction> {
  const environment = await partnerEnvironment(around);
  // Its functions are not the lab's home network: what they count stands apart.
  const context: ProcessContext = { ...given, operations: new Operations() };
  await writePartnerAccounts(accountsFile(around.stateFolder), around.homeDomain);
  const runningWaf = await waf.start(waf.readConfig(environment), context);
  for (const account of partnerAccounts(around.homeDomain)) {
    const { username, displayName, password, impi, impu } = account;
    if ((await runningWaf.accounts.find(username)) !== undefined) continue;
    await runningWaf.accounts.create({ username, displayName, password, impi, impus: [impu] });
    await runningWaf.grants.allow(username, partnerWwsf);
  }
  const runningWwsf = await wwsf.start(wwsf.readConfig(environment), context);
  context.log.info({ event: 'partner.started' });
  return {
    stop: async () => {
      await runningWwsf.stop();
      await runningWaf.stop();
    },
  };
}

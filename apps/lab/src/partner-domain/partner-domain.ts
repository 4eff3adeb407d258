/**
 * The domain of a third party: a WWSF that signs its users in itself, and the WAF that vouches for them (TS 33.203
 * X.3.2.3 steps 0.1, 5.2 and 6.2).
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { Operations, type ProcessContext, type RunningFunction } from '@wicgate/node-kit';
import * as waf from '@wicgate/waf';
import * as wwsf from '@wicgate/wwsf';
import type { DemoAccount } from '../demo-accounts.ts';
import type { LabSurroundings } from '../environment.ts';
import { partnerAccounts, writePartnerAccounts } from './partner-accounts.ts';
import { accountsFile, partnerEnvironment, partnerWwsf } from './partner-environment.ts';

/** Its users are known to the WAF and the WWSF, and have allowed the WWSF to register in their names. */
export async function startPartnerDomain(around: LabSurroundings, given: ProcessContext): Promise<RunningFunction> {
  const environment = await partnerEnvironment(around);
  // Its functions are not the lab's home network: what they count stands apart.
  const context: ProcessContext = { ...given, operations: new Operations() };
  const file = accountsFile(around.stateFolder);
  const runningWaf = await waf.start(waf.readConfig(environment), context);
  try {
    await Promise.all([
      existsSync(file) ? undefined : writePartnerAccounts(file, around.homeDomain),
      ...partnerAccounts(around.homeDomain).map((account) => introduce(account, runningWaf)),
    ]);
    const runningWwsf = await wwsf.start(wwsf.readConfig(environment), context);
    context.log.info({ event: 'partner.started' });
    return { stop: () => stop(runningWwsf, runningWaf) };
  } catch (error) {
    await runningWaf.stop();
    throw error;
  }
}

/** Who is known keeps what they have allowed, or taken back. */
async function introduce(account: DemoAccount, { accounts, grants }: waf.RunningWaf): Promise<void> {
  const { username, displayName, password, impi, impu } = account;
  if ((await accounts.find(username)) !== undefined) return;
  await accounts.create({ username, displayName, password, impi, impus: [impu] });
  await grants.allow(username, partnerWwsf);
}

async function stop(runningWwsf: RunningFunction, runningWaf: RunningFunction): Promise<void> {
  await runningWwsf.stop();
  await runningWaf.stop();
}

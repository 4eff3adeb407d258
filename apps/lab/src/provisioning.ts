/**
 * Puts people into the HSS and the WAF of the lab. What is there already, from an earlier run, stays as it is.
 *
 * @module
 */
import * as hss from '@wicgate/hss';
import type * as waf from '@wicgate/waf';
import {
  type AkaAccount,
  akaAccounts,
  type DemoAccount,
  digestAccounts,
  guestIdentities,
  webAccounts,
} from './demo-accounts.ts';

type NewSubscription = Parameters<hss.RunningHss['subscriptions']['create']>[0];

export interface ProvisioningOptions {
  /** Undefined while it is stopped. */
  readonly hss: () => hss.RunningHss | undefined;
  readonly waf: () => waf.RunningWaf | undefined;
}

export class Provisioning {
  readonly #options: ProvisioningOptions;

  constructor(options: ProvisioningOptions) {
    this.#options = options;
  }

  async demoAccounts(homeDomain: string): Promise<void> {
    // Hashing a password takes a core for a while, and there are several.
    await Promise.all(webAccounts(homeDomain).map((account) => this.person(account)));
    for (const { impi, impu } of guestIdentities(homeDomain)) await this.#subscribe({ impi, impus: [{ impu }] });
    for (const { impi, impu, md5Ha1 } of digestAccounts(homeDomain)) {
      const digest = { ha1: { MD5: md5Ha1 } };
      if (!(await this.#subscribe({ impi, impus: [{ impu }], digest }))) await this.#change(impi, { digest });
    }
    for (const account of akaAccounts(homeDomain)) await this.sim(account);
  }

  /** Somebody who signs in on the web. */
  async person({ username, displayName, password, impi, impu }: DemoAccount): Promise<void> {
    await this.#subscribe({ impi, impus: [{ impu }] });
    const accounts = this.#options.waf()?.accounts;
    if ((await accounts?.find(username)) !== undefined) return;
    await accounts?.create({ username, displayName, password, impi, impus: [impu] });
  }

  /** Somebody with a SIM. Sequence numbers that the HSS has used already are not given again. */
  async sim({ impi, impu, k, op, amf, sqn }: AkaAccount): Promise<void> {
    const aka = { k, op, amf, sqn };
    if (await this.#subscribe({ impi, impus: [{ impu }], aka })) return;
    const known = await this.#options.hss()?.subscriptions.find(impi);
    if (known?.akaCredential === undefined) await this.#change(impi, { aka });
  }

  /** The authorities outside the home domain that the user may come from (TS 33.203 X.3.2.3 step 6.2). */
  async allowThirdParty(impi: string, wafName: string, wwsfName: string): Promise<void> {
    await this.#change(impi, { allowedWafWwsfIdentities: { wafNames: [wafName], wwsfNames: [wwsfName] } });
  }

  async #change(impi: string, change: Parameters<hss.RunningHss['subscriptions']['change']>[1]): Promise<void> {
    await this.#options.hss()?.subscriptions.change(impi, change);
  }

  /** Whether it is new. */
  async #subscribe(subscription: NewSubscription): Promise<boolean> {
    try {
      await this.#options.hss()?.subscriptions.create(subscription);
      return true;
    } catch (error) {
      if (!(error instanceof hss.SubscriptionExists)) throw error;
      return false;
    }
  }
}

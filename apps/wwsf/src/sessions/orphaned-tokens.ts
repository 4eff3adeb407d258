/**
 * Tokens by client credentials whose web session is over, and which could not be revoked when it ended, or whose session
 * ended by itself: revoked at the WAF as soon as that is possible (RFC 7009), since registrations outlive their tokens.
 *
 * Tokens of leased identities are not among them: their lease is over only once they are revoked (identity-pool.ts).
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import { WafUnavailable, WwsfError } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import { startSweep } from '../start-sweep.ts';
import type { Waf } from '../waf/waf.ts';
import type { HandedToken, HandedTokens } from './handed-tokens.ts';

export interface OrphanedTokensOptions {
  readonly handedTokens: HandedTokens;
  readonly waf: Pick<Waf, 'revoke'>;
  readonly log: Logger<LogEvent>;
}

const tokensAtOnce = 50;

export class OrphanedTokens {
  readonly #options: OrphanedTokensOptions;
  /** A token is stored before its session is: those that came since the last round may still get theirs. */
  #settledId = 0;
  /** What the WAF refuses holds up nothing behind it: the next round goes on after the last one looked at. */
  #seenId = 0;
  #stop: () => Promise<void> = async () => undefined;

  constructor(options: OrphanedTokensOptions) {
    this.#options = options;
  }

  /** Looks for them in the background. */
  start(): void {
    this.#stop = startSweep(
      () => this.sweep(),
      (cause) =>
        this.#options.log.error({
          event: 'tokens.sweep-failed',
          cause,
          effect: 'tokens of ended sessions are not revoked',
          action: 'look at the disk of WWSF_STATE_DIR',
        }),
    );
  }

  /** Resolves when no round is under way. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** One round. */
  async sweep(): Promise<void> {
    const { handedTokens } = this.#options;
    const newestId = await handedTokens.newestId();
    const range = { after: this.#seenId, upTo: this.#settledId };
    const orphans = await handedTokens.findOrphans(range, tokensAtOnce);
    this.#settledId = newestId;
    this.#seenId = orphans.length < tokensAtOnce ? 0 : (orphans.at(-1)?.id ?? 0);
    for (const orphan of orphans) if (!(await this.#revoke(orphan))) return;
  }

  /** False: the WAF cannot be reached, and the others need not be tried now. */
  async #revoke(orphan: HandedToken): Promise<boolean> {
    const { waf, handedTokens, log } = this.#options;
    try {
      await waf.revoke(orphan.accessToken, 'access_token');
    } catch (error) {
      if (!(error instanceof WwsfError)) throw error;
      log.debug({ event: 'revocation.failed', reason: error.code });
      return !(error instanceof WafUnavailable);
    }
    await handedTokens.remove([orphan]);
    return true;
  }
}

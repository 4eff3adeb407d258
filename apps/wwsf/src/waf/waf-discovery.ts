/**
 * The metadata of the WAF (OpenID Connect Discovery 1.0 4), read when it is first needed and, until that succeeds, again
 * and again: the WWSF starts before the WAF as well as after it.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@wicgate/node-kit';
import * as client from 'openid-client';
import type { LogEvent } from '../log-event.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { readWafError } from './waf-error.ts';

export interface WafDiscoveryOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly authentication: Pick<ClientAuthentication, 'method' | 'metadata'>;
  readonly fetch: client.CustomFetch;
  readonly timeoutSeconds: number;
  readonly log: Logger<LogEvent>;
}

/** Two views of one WAF. */
export interface KnownWaf {
  /** Checks the signature of each ID token. */
  readonly strict: client.Configuration;
  /** Makes no call besides the one asked for. */
  readonly plain: client.Configuration;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** The lab starts all functions at once: the first failures say nothing. */
const failuresUntilError = 4;
/** Clocks of WAF and WWSF may differ by this. */
const toleranceSeconds = 10;

export class WafDiscovery {
  readonly #options: WafDiscoveryOptions;
  readonly #stopped = new AbortController();
  #known: KnownWaf | undefined;
  #reading: Promise<KnownWaf> | undefined;

  constructor(options: WafDiscoveryOptions) {
    this.#options = options;
  }

  get known(): KnownWaf | undefined {
    return this.#known;
  }

  /** @throws {WafUnavailable | WafDisagrees} */
  async read(): Promise<KnownWaf> {
    if (this.#known !== undefined) return this.#known;
    this.#reading ??= this.#discover().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Tries until the metadata is known or `stop` is called. */
  async keepTrying(): Promise<void> {
    const { log, issuer } = this.#options;
    for (let failures = 1, delayMs = firstDelayMs; !this.#stopped.signal.aborted; failures += 1) {
      try {
        await this.read();
        return;
      } catch (error) {
        const { code, message } = readWafError(error);
        const line = { event: 'waf.unreachable', issuer, code, reason: message } as const;
        if (failures === failuresUntilError) {
          log.error({ ...line, effect: 'nobody can sign in', action: 'start the WAF, or correct WWSF_WAF_*' });
        } else log.debug(line);
      }
      const wait = delay(delayMs, undefined, { signal: this.#stopped.signal, ref: false });
      await wait.catch(() => undefined);
      delayMs = Math.min(2 * delayMs, longestDelayMs);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #discover(): Promise<KnownWaf> {
    const { issuer, clientId, authentication, fetch, timeoutSeconds, log } = this.#options;
    const { method } = authentication;
    const metadata = { ...authentication.metadata, [client.clockTolerance]: toleranceSeconds };
    try {
      const strict = await client.discovery(new URL(issuer), clientId, metadata, method, {
        [client.customFetch]: fetch,
        timeout: timeoutSeconds,
        execute: [client.enableNonRepudiationChecks],
      });
      const plain = new client.Configuration(strict.serverMetadata(), clientId, metadata, method);
      plain[client.customFetch] = fetch;
      plain.timeout = timeoutSeconds;
      this.#known = { strict, plain };
      log.info({ event: 'waf.reachable', issuer });
      return this.#known;
    } catch (error) {
      throw readWafError(error);
    }
  }
}

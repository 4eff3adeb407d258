/**
 * Settings that an engine of somebody else cannot honour: refused where somebody would be let in or kept out
 * wrongly, named in the log where less is done than was asked for.
 *
 * @module
 */
import { ConfigInvalid, type Logger } from '@wicgate/node-kit';
import { type Config, configSchema } from '../config.ts';
import type { TurnLogEvent } from '../log-event.ts';

type ExternalEngine = 'coturn' | 'node-turn';

interface Unsupported {
  readonly setting: keyof Config;
  readonly because: string;
}

/** It makes the difference between who gets in, or gets where, and who does not. */
const refused: Readonly<Record<ExternalEngine, readonly Unsupported[]>> = {
  'coturn': [
    { setting: 'TURN_SECRET_HASH', because: 'it makes passwords with SHA-1 only' },
    { setting: 'TURN_USERS_FILE', because: 'it knows users or Km, not both' },
  ],
  'node-turn': [
    { setting: 'TURN_SECRET_HASH', because: 'what stands before it makes passwords with SHA-1 only' },
    { setting: 'TURN_DENIED_PEERS', because: 'it denies no peers' },
    { setting: 'TURN_USERS_FILE', because: 'it knows passwords, not keys' },
  ],
};

const noOperatorCalls = 'the calls of operators are answered 501';

const ignored: Readonly<Record<ExternalEngine, readonly Unsupported[]>> = {
  'coturn': [
    {
      setting: 'TURN_DEFAULT_LIFETIME_SECONDS',
      because: 'it gives 600 seconds, or the longest lifetime where that is shorter',
    },
    { setting: 'TURN_USER_KBPS', because: 'it caps each allocation, not each credential' },
    { setting: 'TURN_ADDRESS_QUOTA', because: 'it does not count by source address' },
    { setting: 'TURN_CHALLENGES_PER_SECOND', because: 'it has no such limit' },
    { setting: 'TURN_MAX_TCP_CONNECTIONS', because: 'it has no such limit' },
    { setting: 'TURN_MAX_TCP_CONNECTIONS_PER_ADDRESS', because: 'it has no such limit' },
    { setting: 'TURN_OPERATOR_TOKEN', because: noOperatorCalls },
    { setting: 'TURN_ALTERNATE_SERVERS', because: 'it cannot be drained' },
    { setting: 'TURN_DRAIN_SECONDS', because: 'it cannot be drained' },
  ],
  'node-turn': [
    { setting: 'TURN_HOST_IPV6', because: 'it is asked to serve IPv4 only' },
    { setting: 'TURN_TLS_PORT', because: 'it serves UDP only' },
    { setting: 'TURN_FURTHER_PORTS', because: 'it serves one port' },
    { setting: 'TURN_PREVIOUS_SECRET', because: 'it knows one password for a name' },
    { setting: 'TURN_OAUTH_KEYS_FILE', because: 'it knows no access tokens' },
    { setting: 'TURN_RELAY_HOST_IPV6', because: 'it relays IPv4 only' },
    { setting: 'TURN_USER_QUOTA', because: 'it has no quotas' },
    { setting: 'TURN_TOTAL_QUOTA', because: 'it has no quotas' },
    { setting: 'TURN_ADDRESS_QUOTA', because: 'it has no quotas' },
    { setting: 'TURN_USER_KBPS', because: 'it caps nothing' },
    { setting: 'TURN_TOTAL_KBPS', because: 'it caps nothing' },
    { setting: 'TURN_CHALLENGES_PER_SECOND', because: 'it has no such limit' },
    { setting: 'TURN_OPERATOR_TOKEN', because: noOperatorCalls },
    { setting: 'TURN_ALTERNATE_SERVERS', because: 'it cannot be drained' },
    { setting: 'TURN_DRAIN_SECONDS', because: 'it cannot be drained' },
  ],
};

/** coturn keys MESSAGE-INTEGRITY with the first 16 octets of the mac key, whatever is set. */
const coturnKeying: Unsupported = { setting: 'TURN_OAUTH_KEYING', because: 'clients must key as coturn does' };

/** Settings at their default ask for nothing. @throws {ConfigInvalid} the first of those that may not be ignored. */
export function reportUnsupported(engine: ExternalEngine, config: Config, log: Logger<TurnLogEvent>): void {
  const [fault] = refused[engine].filter(({ setting }) => isAskedFor(setting, config));
  if (fault !== undefined) {
    throw new ConfigInvalid(`${fault.setting}: ${engine} cannot honour it: ${fault.because}; TURN_ENGINE=builtin can`);
  }
  for (const { setting, because } of ignored[engine].filter((each) => isAskedFor(each.setting, config))) {
    log.warn({ event: 'turn.engine.setting_ignored', engine, setting, because });
  }
  if (engine === 'coturn' && config.TURN_OAUTH_KEYS_FILE !== undefined && config.TURN_OAUTH_KEYING !== 'coturn') {
    log.warn({ event: 'turn.engine.setting_ignored', engine, ...coturnKeying });
  }
}

function isAskedFor(setting: keyof Config, config: Config): boolean {
  const byDefault = configSchema.shape[setting].safeParse(undefined).data;
  return JSON.stringify(config[setting]) !== JSON.stringify(byDefault);
}

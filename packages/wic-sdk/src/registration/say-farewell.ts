/**
 * The last word of a WIC to the network (TS 24.229 5.1.1.6).
 *
 * @module
 */
import { inTime } from './in-time.ts';
import type { RegistrationOptions } from './registration-options.ts';

const timeoutMs = 2_000;

/** Resolves when the network confirmed the end, or could not, or after 2 s. */
export async function sayFarewell({
  platform,
  registrar,
  authenticate,
}: Pick<RegistrationOptions, 'platform' | 'registrar' | 'authenticate'>): Promise<void> {
  const said = authenticate().then((authentication) => registrar.deregister(authentication));
  await inTime(platform.clock, said, timeoutMs).catch(() => undefined);
}

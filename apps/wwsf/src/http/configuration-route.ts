/**
 * What the page must know before anybody signs in: where the network is, and the ways into it.
 *
 * @module
 */
import type { Config } from '../config.ts';
import type { ChooseTurnUris } from '../turn/turn-servers.ts';
import type { App } from './app.ts';

/** By web credentials (TS 33.203 X.3), SIP Digest (X.2.2), IMS AKA (X.2.3), or as a guest (X.4). */
export type Way = 'web' | 'digest' | 'sim' | 'guest';

type Settings = Pick<
  Config,
  'WWSF_EP_CSCF_URL' | 'WWSF_HOME_DOMAIN' | 'WWSF_ICE_TRANSPORT_POLICY' | 'WWSF_WAYS' | 'WWSF_ISIM_ORIGIN'
>;

export function addConfigurationRoute(
  app: App,
  config: Settings,
  { hasPool, chooseTurnUris }: { readonly hasPool: boolean; readonly chooseTurnUris: ChooseTurnUris },
): void {
  const configuration = {
    epCscfUrl: config.WWSF_EP_CSCF_URL,
    homeDomain: config.WWSF_HOME_DOMAIN,
    iceTransportPolicy: config.WWSF_ICE_TRANSPORT_POLICY,
    ways: findWays(config, hasPool),
    isimOrigin: config.WWSF_ISIM_ORIGIN ?? null,
  };
  app.get('/configuration', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { ...configuration, turnUris: chooseTurnUris() };
  });
}

/** The wanted ones of those that are possible here. */
export function findWays({ WWSF_WAYS: wanted, WWSF_ISIM_ORIGIN: isim }: Settings, hasPool: boolean): readonly Way[] {
  const possible: readonly Way[] = [
    'web',
    'digest',
    ...(isim === undefined ? [] : (['sim'] as const)),
    ...(hasPool ? (['guest'] as const) : []),
  ];
  return wanted === undefined ? possible : possible.filter((way) => wanted.includes(way));
}

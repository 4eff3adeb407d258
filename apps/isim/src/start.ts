/**
 * Starts the server of the soft ISIM.
 *
 * @module
 */
import { listen, type ProcessContext, type RunningFunction, readTlsMaterial } from '@wicgate/node-kit';
import type { Config } from './config.ts';
import { securityHeaders } from './security-headers.ts';
import { createWebServer } from './web-server.ts';

/** @throws {ConfigInvalid | AddressInUse} */
export async function start(config: Config, { log, operations }: ProcessContext): Promise<RunningFunction> {
  const frameAncestors = config.ISIM_FRAME_ANCESTORS;
  const app = await createWebServer({
    tls: readTlsMaterial({ cert: config.ISIM_TLS_CERT_FILE, key: config.ISIM_TLS_KEY_FILE }),
    pageFolder: config.ISIM_PAGE_DIR,
    frameAncestors,
    headers: securityHeaders(frameAncestors),
    maxConnections: config.ISIM_CONNECTIONS,
    log,
  });
  await app.ready();
  try {
    await listen(app.server, { host: config.ISIM_HOST, port: config.ISIM_PORT, setting: 'ISIM_PORT' });
  } catch (error) {
    await app.close();
    throw error;
  }
  operations.addReadiness(`isim ${config.ISIM_PORT}`, () => app.server.listening);
  log.info({ event: 'isim.listening', port: config.ISIM_PORT, wics: frameAncestors.length });
  return { stop: () => app.close() };
}

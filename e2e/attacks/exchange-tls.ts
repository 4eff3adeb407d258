/**
 * One request over mutual TLS, by somebody with a certificate.
 *
 * @module
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** The first response. The peer's name is not looked at: it is the one that is attacked. */
export async function exchangeTls(port: number, request: string, files: TlsFiles): Promise<string> {
  const identity = {
    cert: readFileSync(files.certFile),
    key: readFileSync(files.keyFile),
    ca: readFileSync(files.caFile),
  };
  const socket = connect({ host: '127.0.0.1', port, checkServerIdentity: () => undefined, ...identity });
  await once(socket, 'secureConnect');
  socket.write(request);
  const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
  socket.destroy();
  return data.toString();
}

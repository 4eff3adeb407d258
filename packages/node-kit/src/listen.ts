/**
 * Opening a listener, with an error that says what to do when the address is taken.
 *
 * @module
 */
import type { Server } from 'node:net';

/** Another process, or another function, already listens on the address. */
export class AddressInUse extends Error {
  readonly code = 'ERR_ADDRESS_IN_USE';
  readonly port: number;

  constructor(host: string, port: number, setting: string, cause: unknown) {
    super(`${host}:${port} is already in use: end the other program or give ${setting} another port`, { cause });
    this.port = port;
  }
}

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** The variable that sets the port, for the error. */
  readonly setting: string;
}

/**
 * Resolves once `server` listens.
 *
 * @throws {AddressInUse}
 */
export function listen(server: Server, { host, port, setting }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      reject(error.code === 'EADDRINUSE' ? new AddressInUse(host, port, setting, error) : error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host, port });
  });
}

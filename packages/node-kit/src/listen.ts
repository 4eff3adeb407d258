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
 * What `open` resolves to; for those who open the listener themselves.
 *
 * @throws {AddressInUse}
 */
export async function listenAt<T>(address: ListenAddress, open: (address: ListenAddress) => Promise<T>): Promise<T> {
  try {
    return await open(address);
  } catch (error) {
    throw isAddressInUse(error) ? new AddressInUse(address.host, address.port, address.setting, error) : error;
  }
}

/**
 * Resolves once `server` listens.
 *
 * @throws {AddressInUse}
 */
export function listen(server: Server, address: ListenAddress): Promise<void> {
  return listenAt(
    address,
    ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve();
        });
      }),
  );
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

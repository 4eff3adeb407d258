/**
 * Opening a listener, with errors that say which setting to change.
 *
 * @module
 */
import { ConfigInvalid, listenAt } from '@wicgate/node-kit';

export interface ListenerPlace {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** The variables that set host and port, for errors. */
  readonly hostSetting: string;
  readonly portSetting: string;
}

/**
 * What `open` resolves to.
 *
 * @throws {AddressInUse}
 * @throws {ConfigInvalid} the port needs a privilege, or the address is not one of this machine.
 */
export async function openListener<T>(place: ListenerPlace, open: (place: ListenerPlace) => Promise<T>): Promise<T> {
  const { host, port, hostSetting, portSetting } = place;
  try {
    return await listenAt({ host, port, setting: portSetting }, () => open(place));
  } catch (error) {
    if (isErrno(error, 'EACCES')) {
      throw new ConfigInvalid(
        `${portSetting}: expected a port that this process may open: ${port} needs the capability ` +
          'CAP_NET_BIND_SERVICE, or net.ipv4.ip_unprivileged_port_start at or below it',
        { cause: error },
      );
    }
    if (isErrno(error, 'EADDRNOTAVAIL')) {
      throw new ConfigInvalid(`${hostSetting}: expected an address of this machine`, { cause: error });
    }
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

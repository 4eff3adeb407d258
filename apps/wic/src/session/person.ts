/**
 * Who uses the page, and the way they came in.
 *
 * @module
 */
import type { WayIn, Wic, WicCredentials } from '@wicgate/wic-sdk';
import type { ClientConfiguration } from '../wwsf/wwsf.ts';

export interface Person {
  readonly way: WayIn;
  /** The public identity to register. */
  readonly impu: string;
  /** The private identity, as far as the page knows it. */
  readonly impi: string | undefined;
  readonly displayName: string | undefined;
}

/** Makes the WIC of a person. It is not registered yet. @throws {TypeError} an identity is malformed. */
export type OpenWic = (person: Person, credentials: WicCredentials, configuration: ClientConfiguration) => Wic;

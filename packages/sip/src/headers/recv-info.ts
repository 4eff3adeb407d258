/**
 * The Recv-Info header field: the info packages its sender takes (RFC 6086 7.3).
 *
 *     Recv-Info         = "Recv-Info" HCOLON [ Info-package-list ]
 *     Info-package-list = Info-package-type *( COMMA Info-package-type )
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { formatInfoPackage, type InfoPackage, parseInfoPackage } from './info-package.ts';
import { splitList } from './split-list.ts';

const maxPackages = 64;

/**
 * The packages of one header field; none where it is empty, which takes no INFO of any package (RFC 6086 5.2.3).
 *
 * @throws {HeaderMalformed} @throws {MessageTooLarge} more than 64 packages.
 */
export function parseRecvInfo(value: string): readonly InfoPackage[] {
  const packages = splitList(value);
  if (packages.length > maxPackages) throw new MessageTooLarge('info packages', maxPackages);
  return packages.map((each) => parseInfoPackage(each, 'Recv-Info'));
}

/** @throws {TypeError} no token for a name, or parameters out of the grammar. */
export function formatRecvInfo(packages: readonly InfoPackage[]): string {
  return packages.map(formatInfoPackage).join(', ');
}

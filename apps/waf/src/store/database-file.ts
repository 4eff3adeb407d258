/**
 * Where the database of a WAF lies in its state folder.
 *
 * @module
 */
import { join } from 'node:path';

export function databaseFile(stateFolder: string): string {
  return join(stateFolder, 'waf.sqlite');
}

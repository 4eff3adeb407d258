/**
 * The Target-Dialog header field: proof that the sender knows a dialog of the receiver (RFC 4538 6).
 *
 *     Target-Dialog = callid *( SEMI ( "local-tag" EQUAL token / "remote-tag" EQUAL token / generic-param ) )
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { isCallId, readCallId } from './call-id.ts';
import { requireToken } from './require-token.ts';

/** The dialog as its sender sees it (RFC 4538 4): what is local here is remote at the receiver. */
export interface TargetDialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** All other parameters, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const known = new Set(['local-tag', 'remote-tag']);

/** @throws {HeaderMalformed} */
export function parseTargetDialog(value: string): TargetDialog {
  const scanner = new Scanner('Target-Dialog', value);
  const callId = readCallId(scanner);
  const start = scanner.offset;
  const params = scanner.params();
  scanner.end();
  const localTag = params.get('local-tag') ?? '';
  const remoteTag = params.get('remote-tag') ?? '';
  if (!isToken(localTag)) scanner.fail('local-tag', start);
  if (!isToken(remoteTag)) scanner.fail('remote-tag', start);
  return { callId, localTag, remoteTag, params: new Map([...params].filter(([name]) => !known.has(name))) };
}

/** @throws {TypeError} a part of it could break out of the header field. */
export function formatTargetDialog({ callId, localTag, remoteTag, params }: TargetDialog): string {
  if (!isCallId(callId)) throw new TypeError('expected a Call-ID');
  const tags = `;local-tag=${requireToken(localTag, 'local-tag')};remote-tag=${requireToken(remoteTag, 'remote-tag')}`;
  return `${callId}${tags}${formatParams(params)}`;
}

/**
 * The Event header field (RFC 6665 8.2.1).
 *
 *     Event         = event-type *( SEMI event-param )
 *     event-type    = event-package *( "." event-template )
 *     event-param   = generic-param / ( "id" EQUAL token )
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { requireToken } from './require-token.ts';

/** What is subscribed to. */
export interface Event {
  /** Package with its templates, as written, such as `refer` or `presence.winfo`. */
  readonly type: string;
  /** Tells subscriptions of one dialog apart; undefined where there is none. */
  readonly id: string | undefined;
  /** The parameters other than `id`, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseEvent(value: string): Event {
  const scanner = new Scanner('Event', value);
  const type = scanner.token('event package');
  const start = scanner.offset;
  const params = scanner.params();
  scanner.end();
  const id = params.get('id');
  if (id === undefined) return { type, id, params };
  if (!isToken(id)) scanner.fail('a token in id', start);
  return { type, id, params: new Map([...params].filter(([name]) => name !== 'id')) };
}

/** @throws {TypeError} type, id or a parameter could break out of the header field. */
export function formatEvent({ type, id, params }: Event): string {
  const named = id === undefined ? params : new Map([['id', id], ...params]);
  return `${requireToken(type, 'an event package')}${formatParams(named)}`;
}

/** Whether both name one subscription: type and id equal octet by octet, other parameters ignored (RFC 6665 8.2.1). */
export function isSameEvent(left: Event, right: Event): boolean {
  return left.type === right.type && left.id === right.id;
}

import { expect, it } from 'vitest';
import { formatEvent, isSameEvent, parseEvent } from './event.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Event',
  clause: 'RFC 6665 8.2.1',
  parse: parseEvent,
  format: formatEvent,
  wellFormed: [
    { source: 'RFC 3515 2.4.6, refer with an id', value: 'refer;id=93809823' },
    { source: 'RFC 3680 4.1', value: 'reg' },
    { source: 'RFC 6665 7.2, a template', value: 'presence.winfo' },
    { source: 'other parameters', value: 'dialog ; call-id="a@b" ; id = 7', canonical: 'dialog;id=7;call-id="a@b"' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'event package' },
    { fault: 'two packages', value: 'reg, refer', at: 3, expected: 'end of value' },
    { fault: 'an id without value', value: 'reg;id', at: 3, expected: 'a token in id' },
    { fault: 'two ids', value: 'reg;id=1;id=2', at: 9, expected: 'each parameter once' },
  ],
});

it.each([
  { left: 'refer;id=1', right: 'refer;id=1;x=y', same: true },
  { left: 'refer', right: 'refer', same: true },
  { left: 'refer', right: 'refer;id=1', same: false },
  { left: 'refer;id=1', right: 'refer;id=2', same: false },
  { left: 'refer', right: 'Refer', same: false },
  { left: 'presence', right: 'presence.winfo', same: false },
])('[RFC 6665 8.2.1] $left and $right are one: $same', ({ left, right, same }) => {
  expect(isSameEvent(parseEvent(left), parseEvent(right))).toBe(same);
});

it.each([
  { type: 'a b', id: undefined },
  { type: '', id: undefined },
  { type: 'a', id: '1;x' },
])('[RFC 6665 8.2.1] writes nothing that breaks out: $type $id', ({ type, id }) => {
  expect(() => formatEvent({ type, id, params: new Map() })).toThrow(TypeError);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { formatMessage } from '../messages/format-message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { headerKey, isListHeader } from './header-name.ts';
import type { Headers } from './headers.ts';
import { splitList } from './split-list.ts';

/** A line of the eager model: cut, unfolded and split at once. */
interface Line {
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

const start = 'OPTIONS sip:a@b SIP/2.0\r\n';
const names = ['Via', 'v', 'ROUTE', 'Route', 'Subject', 's', 'X-Any', 'x-aNy', 'Content-Length', 'Rxxxe', 'From'];
const values = ['', 'a', 'a,b', ' ,a', 'a, ,', '"x,y",b', '<a,b>', 'a\r\n b', '\r\n\ta,\r\n b', '  a ', 'é,ü', 'a;b=c'];

const line = fc.tuple(fc.constantFrom(...names), fc.constantFrom(':', ' : ', ': '), fc.constantFrom(...values));
const name = fc.constantFrom(...names, 'Path', 'l', 'no-such');
const value = fc.constantFrom('x', 'x,y', '', 'é');

type Edit = readonly [
  kind: 'with' | 'prepend' | 'set' | 'without' | 'only' | 'withoutFirst' | 'replaceFirst',
  string,
  string,
];
const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.constantFrom('with', 'prepend', 'set', 'without', 'only', 'withoutFirst', 'replaceFirst'),
  name,
  value,
);

describe('Headers, beside an eager model', () => {
  it('[RFC 3261 7.3.1] reads and writes the same after any edits', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(edit, { maxLength: 6 }), (written, edits) => {
        const lines = written
          .filter(([head]) => headerKey(head) !== 'content-length')
          .map(([head, colon, tail]) => modelOf(head, `${head}${colon}${tail}`));
        const text = lines.map((each) => `${each.text}\r\n`).join('');
        let headers = parseMessage(encodeUtf8(`${start}${text}\r\n`)).headers;
        let model: readonly Line[] = lines;
        compare(headers, model);
        for (const each of edits) {
          headers = edited(headers, each);
          model = modelEdited(model, each);
          compare(headers, model);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('[RFC 3261 7.3.1] writes a message of edited fields as the model would', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(edit, { maxLength: 4 }), (written, edits) => {
        const lines = written
          .filter(([head]) => headerKey(head) !== 'content-length')
          .map(([head, colon, tail]) => modelOf(head, `${head}${colon}${tail}`));
        const message = parseMessage(encodeUtf8(`${start}${lines.map((each) => `${each.text}\r\n`).join('')}\r\n`));
        const applied = edits.filter(([, changed]) => headerKey(changed) !== 'content-length');
        const headers = applied.reduce(edited, message.headers);
        const model = applied.reduce(modelEdited, lines as readonly Line[]);
        const expected = `${start}${textOf(model)}Content-Length: 0\r\n\r\n`;
        expect(decodeUtf8(formatMessage({ ...message, headers }))).toBe(expected);
      }),
    );
  });
});

function compare(headers: Headers, model: readonly Line[]): void {
  expect(headers.toString()).toBe(textOf(model));
  expect(headers.size).toBe(model.length);
  expect([...headers].map((field) => [field.key, field.value, field.line])).toEqual(
    model.map((each) => [headerKey(each.name), each.value, each.text]),
  );
  for (const each of [...names, 'Path']) {
    const all = allOf(model, each);
    expect(headers.all(each)).toEqual(all);
    expect(headers.first(each)).toBe(all[0]);
    expect(headers.count(each)).toBe(model.filter((other) => isNamed(other, each)).length);
    expect(headers.has(each)).toBe(headers.count(each) > 0);
  }
}

function edited(headers: Headers, [kind, head, tail]: Edit): Headers {
  if (kind === 'without' || kind === 'only' || kind === 'withoutFirst') return headers[kind](head);
  return headers[kind](head, tail);
}

function modelEdited(model: readonly Line[], [kind, head, tail]: Edit): readonly Line[] {
  const added = { name: head, value: tail, text: `${head}: ${tail}` };
  const first = model.findIndex((each) => isNamed(each, head));
  switch (kind) {
    case 'with':
      return [...model, added];
    case 'prepend':
      return model.toSpliced(Math.max(0, first), 0, added);
    case 'set':
      return first < 0
        ? [...model, added]
        : model.with(first, added).filter((each) => each === added || !isNamed(each, head));
    case 'without':
      return model.filter((each) => !isNamed(each, head));
    case 'only':
      return model.filter((each) => isNamed(each, head));
    default:
      return firstEdited(model, head, kind === 'replaceFirst' ? added : undefined);
  }
}

/** Without the first value of a name, or with another one in its place. */
function firstEdited(model: readonly Line[], head: string, added: Line | undefined): readonly Line[] {
  const news = added === undefined ? [] : [added];
  const at = model.findIndex((each) => isNamed(each, head) && allOf([each], head).length > 0);
  const old = model[at];
  if (old === undefined) return [...news, ...model];
  const rest = allOf([old], head).length > 1 ? [modelOf(head, `${head}: ${restOf(old.value)}`)] : [];
  return model.toSpliced(at, 1, ...news, ...rest);
}

/** What follows the first value and its comma, as written. */
function restOf(written: string): string {
  const [first = ''] = splitList(written);
  return written.slice(written.indexOf(first) + first.length).replace(/^[ \t,]+/u, '');
}

function modelOf(head: string, text: string): Line {
  const raw = text.slice(text.indexOf(':') + 1);
  const unfolded = raw.split('\r\n').map(trim).join(' ');
  return { name: head, value: trim(unfolded), text };
}

function trim(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/gu, '');
}

function textOf(model: readonly Line[]): string {
  return model.map(({ text }) => `${text}\r\n`).join('');
}

function isNamed(each: Line, head: string): boolean {
  return headerKey(each.name) === headerKey(head);
}

function allOf(model: readonly Line[], head: string): readonly string[] {
  const found = model.filter((each) => isNamed(each, head)).map((each) => each.value);
  return isListHeader(headerKey(head)) ? found.flatMap((each) => splitList(each)) : found;
}

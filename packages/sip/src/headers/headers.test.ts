import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { Headers } from './headers.ts';

const routes = Headers.of(
  ['Via', 'SIP/2.0/UDP a'],
  ['ROUTE', '<sip:1>, <sip:2>'],
  ['Subject', 'lunch, maybe'],
  ['route', '<sip:3>'],
  ['s', 'again'],
);

describe('Headers', () => {
  it('[RFC 3261 7.3.1] keeps order and spelling', () => {
    expect(routes.toString()).toBe(
      'Via: SIP/2.0/UDP a\r\nROUTE: <sip:1>, <sip:2>\r\nSubject: lunch, maybe\r\nroute: <sip:3>\r\ns: again\r\n',
    );
    expect([...routes].map(({ key }) => key)).toEqual(['via', 'route', 'subject', 'route', 'subject']);
    expect(routes.size).toBe(5);
  });

  it.each([
    { name: 'Route', first: '<sip:1>', all: ['<sip:1>', '<sip:2>', '<sip:3>'], count: 2 },
    { name: 'Subject', first: 'lunch, maybe', all: ['lunch, maybe', 'again'], count: 2 },
    { name: 'S', first: 'lunch, maybe', all: ['lunch, maybe', 'again'], count: 2 },
    { name: 'v', first: 'SIP/2.0/UDP a', all: ['SIP/2.0/UDP a'], count: 1 },
    { name: 'Path', first: undefined, all: [], count: 0 },
  ])('[RFC 3261 7.3.1] finds $name by any spelling', ({ name, first, all, count }) => {
    expect(routes.first(name)).toBe(first);
    expect(routes.all(name)).toEqual(all);
    expect(routes.count(name)).toBe(count);
    expect(routes.has(name)).toBe(count > 0);
  });

  it.each([
    ['set', routes.set('Route', 'x').all('Route'), ['x']],
    ['set, where the first stood', [...routes.set('Route', 'x')].map(({ key }) => key).indexOf('route'), 1],
    ['set of what is absent', routes.set('Path', 'x').toString().endsWith('Path: x\r\n'), true],
    ['prepend', routes.prepend('Route', '<sip:0>').all('Route'), ['<sip:0>', '<sip:1>', '<sip:2>', '<sip:3>']],
    ['prepend of what is absent', [...routes.prepend('Path', 'x')][0]?.key, 'path'],
    ['with', routes.with('Route', '<sip:4>').all('Route').at(-1), '<sip:4>'],
    ['without', routes.without('route', 's').toString(), 'Via: SIP/2.0/UDP a\r\n'],
    ['withoutFirst within a line', routes.withoutFirst('Route').all('Route'), ['<sip:2>', '<sip:3>']],
    ['withoutFirst of a line', routes.withoutFirst('Route').withoutFirst('Route').all('Route'), ['<sip:3>']],
    ['withoutFirst of the last', routes.withoutFirst('Via').has('Via'), false],
    [
      'replaceFirst within a line',
      routes.replaceFirst('Route', '<sip:9>').all('Route'),
      ['<sip:9>', '<sip:2>', '<sip:3>'],
    ],
    ['replaceFirst in place', [...routes.replaceFirst('Via', 'x')][0]?.value, 'x'],
  ])('[RFC 3261 7.3.1] changes by %s', (_, changed, expected) => {
    expect(changed).toEqual(expected);
  });

  it('[RFC 3261 7.3.1] tells names apart whose length and ends are the same, however long', () => {
    for (const length of [3, 12, 254, 255, 256, 300]) {
      const middle = 'x'.repeat(length - 2);
      const names = [`A${middle}b`, `A${middle.slice(1)}yb`, `A${middle}xb`];
      const text = names.map((name, at) => `${name.toUpperCase()} : ${at}\r\n`).join('');
      const { headers } = parseMessage(encodeUtf8(`ACK sip:a SIP/2.0\r\n${text}\r\n`));
      expect(names.map((name) => headers.all(name))).toEqual([['0'], ['1'], ['2']]);
      expect([...headers].map(({ key }) => key)).toEqual(names.map((name) => name.toLowerCase()));
    }
  });

  it('[RFC 3261 7.3.1] shares itself where nothing changes, and never changes', () => {
    const before = routes.toString();
    expect(routes.without('Path')).toBe(routes);
    expect(routes.withoutFirst('Path')).toBe(routes);
    routes.set('Via', 'x').prepend('Route', 'y').without('Subject');
    expect(routes.toString()).toBe(before);
  });

  it('[RFC 3261 7.3.1] looks past an empty line of a list: first, all and withoutFirst agree', () => {
    const headers = Headers.of(['Route', ''], ['Route', ', <sip:1>'], ['Route', '<sip:2>']);
    expect(headers.first('Route')).toBe('<sip:1>');
    expect(headers.all('Route')).toEqual(['<sip:1>', '<sip:2>']);
    expect(headers.withoutFirst('Route').all('Route')).toEqual(['<sip:2>']);
    expect(headers.replaceFirst('Route', '<sip:0>').all('Route')).toEqual(['<sip:0>', '<sip:2>']);
  });

  it('[RFC 3261 7.3.1] first, all and withoutFirst agree on any list', () => {
    const line = fc.constantFrom('', ',', '<sip:1>', '<sip:2>,<sip:3>', ', <sip:4>', '"a,b" <sip:5>');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const headers = Headers.of(...lines.map((value) => ['Route', value] as const));
        const all = headers.all('Route');
        expect(headers.first('Route')).toBe(all[0]);
        expect(headers.withoutFirst('Route').all('Route')).toEqual(all.slice(1));
        expect(headers.replaceFirst('Route', '<sip:x>').all('Route')).toEqual(['<sip:x>', ...all.slice(1)]);
        expect(headers.prepend('Route', '<sip:x>').all('Route')).toEqual(['<sip:x>', ...all]);
      }),
    );
  });

  it.each([
    ['a line end in the value', 'Subject', 'a\r\nVia: b'],
    ['a line feed in the value', 'Subject', 'a\nb'],
    ['a carriage return in the value', 'Subject', 'a\rb'],
    ['NUL in the value', 'Subject', 'a\0b'],
    ['a line end in the name', 'A\r\nB', 'x'],
    ['a colon in the name', 'Via: x\u003aB', 'x'],
    ['a space in the name', 'A B', 'x'],
    ['no name', '', 'x'],
  ])('[RFC 3261 7.3.1] refuses to write %s', (_, name, value) => {
    expect(() => Headers.empty.with(name, value)).toThrow(TypeError);
    expect(() => Headers.empty.set(name, value)).toThrow(TypeError);
    expect(() => Headers.empty.prepend(name, value)).toThrow(TypeError);
    expect(() => Headers.of([name, value])).toThrow(TypeError);
  });
});

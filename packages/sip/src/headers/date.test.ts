import { expect, it } from 'vitest';
import { formatDate, parseDate } from './date.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Date',
  clause: 'RFC 3261 20.17',
  parse: parseDate,
  format: formatDate,
  wellFormed: [
    { source: 'RFC 3261 20.17', value: 'Sat, 13 Nov 2010 23:29:00 GMT' },
    {
      source: 'RFC 3893 11, whatever the case',
      value: 'thu, 21 FEB 2002 13:02:03 gmt',
      canonical: 'Thu, 21 Feb 2002 13:02:03 GMT',
    },
    { source: 'the day a leap year has more', value: 'Thu, 29 Feb 2024 00:00:00 GMT' },
    { source: 'a leap second', value: 'Sat, 31 Dec 2016 23:59:60 GMT', canonical: 'Sat, 31 Dec 2016 23:59:59 GMT' },
  ],
  malformed: [
    { fault: 'RFC 4475 3.1.2.12, another zone', value: 'Fri, 01 Jan 2010 16:00:00 EST', at: 26, expected: 'GMT' },
    { fault: 'a day that does not exist', value: 'Wed, 29 Feb 2023 00:00:00 GMT', at: 5, expected: 'day that exists' },
    {
      fault: 'the wrong day of the week',
      value: 'Sun, 13 Nov 2010 23:29:00 GMT',
      at: 0,
      expected: 'day of the week of this date',
    },
    { fault: 'a day of one digit', value: 'Sat, 6 Nov 2010 23:29:00 GMT', at: 5, expected: 'day' },
    { fault: 'hour 24', value: 'Sat, 13 Nov 2010 24:00:00 GMT', at: 17, expected: 'hours' },
    { fault: 'no weekday', value: '13 Nov 2010 23:29:00 GMT', at: 0, expected: 'day of the week' },
    { fault: 'another month', value: 'Sat, 13 Nox 2010 23:29:00 GMT', at: 8, expected: 'month' },
    { fault: 'years of two digits', value: 'Saturday, 13-Nov-10 23:29:00 GMT', at: 0, expected: 'day of the week' },
  ],
});

it('[RFC 3261 20.17] is on the scale of milliseconds since 1970', () => {
  expect(parseDate('Thu, 01 Jan 1970 00:00:01 GMT')).toBe(1_000);
});

it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 253_402_300_800_000])(
  '[RFC 3261 20.17] writes no date of %s',
  (timeMs) => {
    expect(() => formatDate(timeMs)).toThrow(TypeError);
  },
);

import { expect, it } from 'vitest';
import { readDnsNames } from './dns-names.ts';

it.each([
  [undefined, []],
  ['', []],
  ['DNS:one.ims.example', ['one.ims.example']],
  ['DNS:One.IMS.example, DNS:two.ims.example', ['one.ims.example', 'two.ims.example']],
  ['IP Address:127.0.0.1, DNS:one.ims.example', ['one.ims.example']],
  ['URI:sip:one.ims.example, DNS:one.ims.example', ['one.ims.example']],
  ['email:a@ims.example', []],
])('[RFC 5922 7.1] %j names %j', (subjectAltName, names) => {
  expect(readDnsNames(subjectAltName)).toEqual(names);
});

// Node quotes what holds a comma (CVE-2021-44532): a name inside the quotes is nobody's.
it.each([
  ['DNS:"x, DNS:ep-cscf.ims.example, y"', []],
  ['URI:"http://x/, DNS:ep-cscf.ims.example, y", DNS:mine.example', ['mine.example']],
  ['DNS:"a\\", DNS:ep-cscf.ims.example, b"', []],
  ['DNS:mine.example, DNS:"x, DNS:ep-cscf.ims.example', []],
  ['othername:<unsupported>, DNS:mine.example', ['mine.example']],
])('[RFC 5922 7.2] %j hides no name: %j', (subjectAltName, names) => {
  expect(readDnsNames(subjectAltName)).toEqual(names);
});

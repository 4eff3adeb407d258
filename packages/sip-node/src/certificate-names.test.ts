import type { PeerCertificate } from 'node:tls';
import { expect, it } from 'vitest';
import { checkDomain, readCertificateNames } from './certificate-names.ts';

it.each([
  [undefined, []],
  ['', []],
  ['DNS:one.ims.example', ['one.ims.example']],
  ['DNS:One.IMS.example, DNS:two.ims.example', ['one.ims.example', 'two.ims.example']],
  ['IP Address:127.0.0.1, DNS:one.ims.example', ['one.ims.example']],
  ['URI:sip:SIP.example, DNS:one.ims.example', ['sip.example']],
  ['URI:sip:alice@ims.example, DNS:one.ims.example', ['one.ims.example']],
  ['URI:sips:ims.example, URI:https://ims.example, DNS:one.ims.example', ['one.ims.example']],
  ['email:a@ims.example', []],
])('[RFC 5922 7.1] %j names %j', (subjectAltName, names) => {
  expect(readCertificateNames(subjectAltName)).toEqual(names);
});

// Node quotes what holds a comma (CVE-2021-44532): a name inside the quotes is nobody's.
it.each([
  ['DNS:"x, DNS:ep-cscf.ims.example, y"', []],
  ['URI:"http://x/, DNS:ep-cscf.ims.example, y", DNS:mine.example', ['mine.example']],
  ['URI:"sip:x, URI:sip:ep-cscf.ims.example, y", DNS:mine.example', ['mine.example']],
  ['DNS:"a\\", DNS:ep-cscf.ims.example, b"', []],
  ['DNS:mine.example, DNS:"x, DNS:ep-cscf.ims.example', []],
  ['othername:<unsupported>, DNS:mine.example', ['mine.example']],
])('[RFC 5922 7.2] %j hides no name: %j', (subjectAltName, names) => {
  expect(readCertificateNames(subjectAltName)).toEqual(names);
});

const certificate = (subjectaltname: string | undefined): PeerCertificate =>
  ({ subject: { CN: 'one.ims.example' }, subjectaltname }) as PeerCertificate;

it.each([
  ['one.ims.example', 'DNS:one.ims.example', true],
  ['One.IMS.example', 'DNS:two.ims.example, DNS:one.ims.example', true],
  ['ims.example', 'URI:sip:ims.example', true],
  ['192.0.2.1', 'IP Address:192.0.2.1', true],
  ['two.ims.example', 'DNS:one.ims.example', false],
  ['one.ims.example', 'DNS:*.ims.example', false],
  ['one.ims.example', undefined, false],
  ['one.ims.example', 'URI:sip:ims.example, DNS:one.ims.example', false],
  ['192.0.2.1', 'DNS:192.0.2.1', false],
])('[RFC 5922 7.2] %s is proved by %j: %s', (domain, subjectAltName, is) => {
  expect(checkDomain(domain, certificate(subjectAltName)) === undefined).toBe(is);
});

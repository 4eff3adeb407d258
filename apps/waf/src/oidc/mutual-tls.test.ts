import { describe, expect, it } from 'vitest';
import { hasDnsName } from './mutual-tls.ts';

describe('Names in a certificate', () => {
  it('[RFC 8705 2.1] one of the DNS names has to be the expected one', () => {
    expect(hasDnsName('DNS:wwsf.example', 'wwsf.example')).toBe(true);
    expect(hasDnsName('DNS:a.example, IP Address:192.0.2.1, DNS:wwsf.example', 'wwsf.example')).toBe(true);
  });

  it.each([
    ['no subjectAltName', undefined],
    ['another name', 'DNS:wwsf.example.evil'],
    ['another kind of name', 'URI:wwsf.example'],
    ['a wildcard', 'DNS:*.example'],
    ['other capitals', 'DNS:WWSF.example'],
    ['a name that pretends to be two', 'DNS:"x, DNS:wwsf.example, y"'],
  ])('[RFC 8705 2.1] refuses %s', (_fault, subjectAltName) => {
    expect(hasDnsName(subjectAltName, 'wwsf.example')).toBe(false);
  });
});

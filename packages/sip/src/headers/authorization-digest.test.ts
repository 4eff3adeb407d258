import { describe, expect, it } from 'vitest';
import { type DigestCredentials, formatDigestCredentials, parseDigestCredentials } from './authorization-digest.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Authorization',
  clause: 'RFC 7616 3.4',
  parse: (value) => parseDigestCredentials(value),
  format: formatDigestCredentials,
  wellFormed: [
    {
      source: 'RFC 3261 20.7, the example, with the uri it lacks',
      value:
        'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", uri="sip:atlanta.com", response="7587245234b3434cc3412213e5f113a5"',
      canonical:
        'Digest username="Alice",realm="atlanta.com",nonce="84a4cc6f3082121f32b42a2187831a9e",uri="sip:atlanta.com",response="7587245234b3434cc3412213e5f113a5"',
    },
    {
      source: 'RFC 7616 3.9.1',
      value:
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      canonical:
        'Digest username="Mufasa",realm="http-auth@example.org",nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",uri="/dir/index.html",response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",algorithm=SHA-256,cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",qop=auth,nc=00000001',
    },
    {
      source: 'TS 24.229 5.1.1.2, the first REGISTER of an IMS',
      value:
        'Digest username="u@home1.net",realm="home1.net",nonce="",uri="sip:home1.net",response="",algorithm=AKAv2-SHA-256',
    },
    {
      source: 'TS 24.229 7.2A.2, integrity-protected',
      value: 'Digest username="u",realm="r",nonce="n",uri="sip:r",response="",integrity-protected="auth-done"',
    },
    {
      source: 'RFC 3310 3.4, auts',
      value: 'Digest username="u",realm="r",nonce="n",uri="sip:r",response="00",auts="CjkyMzRfOiwg5CfkJ2UK="',
    },
    {
      source: 'RFC 7616 3.4.4, a hash for a name',
      value:
        'Digest username="488869477bf257147b804c45308cd62a",realm="r",nonce="n",uri="sip:r",response="00",userhash=true',
    },
    {
      source: 'RFC 7616 4, username*',
      value: 'Digest username*=UTF-8\'\'J%C3%A4s%C3%B8n%20Doe,realm="r",nonce="n",uri="sip:r",response="00"',
      canonical: 'Digest username="Jäsøn Doe",realm="r",nonce="n",uri="sip:r",response="00"',
    },
    {
      source: 'RFC 8187 3.2, what no quoted string can hold',
      value: 'Digest username*=UTF-8\'\'a%01%22,realm="r",nonce="n",uri="sip:r",response="00"',
    },
    {
      source: 'quotes and backslashes',
      value: String.raw`Digest username="a\"b\\c",realm="\"",nonce="n",uri="sip:r",response="00"`,
    },
    {
      source: 'qop in quotes, as some clients write it',
      value: 'Digest username="u",realm="r",nonce="n",uri="sip:r",response="0",cnonce="c",qop="AUTH",nc=0000000A',
      canonical: 'Digest username="u",realm="r",nonce="n",uri="sip:r",response="0",cnonce="c",qop=auth,nc=0000000a',
    },
  ],
  malformed: [
    { fault: 'another scheme', value: 'Basic abc', at: 0, expected: 'Digest' },
    { fault: 'no username', value: 'Digest realm="r",nonce="n",uri="u",response="0"', at: 7, expected: 'username' },
    { fault: 'no realm', value: 'Digest username="u",nonce="n",uri="u",response="0"', at: 7, expected: 'realm' },
    { fault: 'no nonce', value: 'Digest username="u",realm="r",uri="u",response="0"', at: 7, expected: 'nonce' },
    { fault: 'no uri', value: 'Digest username="u",realm="r",nonce="n",response="0"', at: 7, expected: 'uri' },
    { fault: 'no response', value: 'Digest username="u",realm="r",nonce="n",uri="u"', at: 7, expected: 'response' },
    {
      fault: 'qop without cnonce',
      value: 'Digest username="u",realm="r",nonce="n",uri="u",response="0",qop=auth,nc=00000001',
      at: 7,
      expected: 'cnonce',
    },
    {
      fault: 'qop without nc',
      value: 'Digest username="u",realm="r",nonce="n",uri="u",response="0",qop=auth,cnonce="c"',
      at: 7,
      expected: 'nc',
    },
    {
      fault: 'nc of seven digits',
      value: 'Digest username="u",realm="r",nonce="n",uri="u",response="0",nc=0000001',
      at: 64,
      expected: 'eight hexadecimal digits',
    },
    {
      fault: 'a response of no digits',
      value: 'Digest username="u",realm="r",nonce="n",uri="u",response="xyz"',
      at: 57,
      expected: 'hexadecimal digits',
    },
    {
      fault: 'the response twice',
      value: 'Digest username="u",response="0",response="1"',
      at: 33,
      expected: 'each parameter once',
    },
    { fault: 'two user names', value: 'Digest username="u",username*=UTF-8\'\'u', at: 30, expected: 'one user name' },
    {
      fault: 'username* beside userhash',
      value: "Digest username*=UTF-8''u,userhash=true",
      at: 17,
      expected: 'username beside userhash',
    },
    {
      fault: 'username* of another charset',
      value: "Digest username*=ISO-8859-1''u",
      at: 17,
      expected: "UTF-8''value",
    },
    { fault: 'username* that is no UTF-8', value: "Digest username*=UTF-8''%C3", at: 17, expected: "UTF-8''value" },
    { fault: 'username* with half an escape', value: "Digest username*=UTF-8''a%4", at: 17, expected: "UTF-8''value" },
    { fault: 'userhash=yes', value: 'Digest username="u",userhash=yes', at: 29, expected: 'true or false' },
  ],
});

describe('Digest credentials are not written', () => {
  const credentials: DigestCredentials = {
    username: 'u',
    userhash: false,
    realm: 'r',
    nonce: 'n',
    uri: 'sip:r',
    response: '00',
    algorithm: undefined,
    cnonce: 'c',
    opaque: undefined,
    qop: 'auth',
    nonceCount: 1,
    params: new Map(),
  };

  it.each([
    { fault: 'an algorithm that brings a parameter along', change: { algorithm: 'MD5,integrity-protected="yes"' } },
    { fault: 'a qop that does', change: { qop: 'auth,nc=1' } },
    { fault: 'a line end', change: { realm: 'a\r\nb' } },
    { fault: 'a control character in a hashed name', change: { username: '\u0001', userhash: true } },
  ])('[RFC 3261 25.1] with $fault', ({ change }) => {
    expect(() => formatDigestCredentials({ ...credentials, ...change })).toThrow(TypeError);
  });
});

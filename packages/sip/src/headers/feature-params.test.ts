import { formatFeatureParams, parseFeatureParams } from './feature-params.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Accept-Contact',
  clause: 'RFC 3841 9.2',
  parse: (value) => parseFeatureParams(value),
  format: formatFeatureParams,
  wellFormed: [
    {
      source: 'RFC 3841 9.2, the example',
      value: '*;audio;require',
    },
    {
      source: 'TS 24.229 7.2A.8, a communication service',
      value: '*;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"',
    },
    {
      source: 'white space',
      value: '* ; Explicit ;methods="INVITE,BYE"',
      canonical: '*;explicit;methods="INVITE,BYE"',
    },
    { source: 'RFC 6809 6.2, a capability indicator', value: '*;+sip.608' },
    { source: 'no parameter', value: '*' },
  ],
  malformed: [
    { fault: 'a URI', value: '<sip:a@b>', at: 0, expected: "'*'" },
    { fault: 'no semicolon', value: '*audio', at: 1, expected: 'end of value' },
    { fault: 'a parameter twice', value: '*;audio;AUDIO', at: 8, expected: 'each parameter once' },
    { fault: 'nothing', value: '', at: 0, expected: "'*'" },
  ],
});

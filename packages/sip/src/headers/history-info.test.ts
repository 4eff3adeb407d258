import { expect, it } from 'vitest';
import { formatHistoryInfo, parseHistoryInfo } from './history-info.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'History-Info',
  clause: 'RFC 7044 5',
  parse: parseHistoryInfo,
  format: formatHistoryInfo,
  wellFormed: [
    { source: 'RFC 7044 5.1', value: '<sip:UserA@ims.example.com?Reason=SIP%3Bcause%3D302>;index=1.1' },
    { source: 'the way it was retargeted', value: '<sip:bob@192.0.2.4>;index=1.1.1;rc=1.1' },
    {
      source: 'the index behind',
      value: '"Bob" <sip:bob@b> ; mp=1 ; index=1.2',
      canonical: '"Bob" <sip:bob@b>;index=1.2;mp=1',
    },
  ],
  malformed: [
    { fault: 'no index', value: '<sip:bob@b>', at: 0, expected: 'index' },
    { fault: 'an index of letters', value: '<sip:bob@b>;index=1.a', at: 0, expected: 'index' },
    { fault: 'an index that ends with a dot', value: '<sip:bob@b>;index=1.', at: 0, expected: 'index' },
  ],
});

it('[RFC 7044 5] bounds the depth', () => {
  const index = Array.from({ length: 71 }, () => '1').join('.');
  expect(() => parseHistoryInfo(`<sip:a@b>;index=${index}`)).toThrow(
    expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }),
  );
});

it.each([{ index: [] }, { index: Array.from({ length: 71 }, () => 1) }, { index: [10_000] }])(
  '[RFC 7044 5] writes no index that would not be read back: $index',
  ({ index }) => {
    expect(() => formatHistoryInfo({ displayName: undefined, uri: 'sip:a@b', params: new Map(), index })).toThrow(
      TypeError,
    );
  },
);

import { expect, it } from 'vitest';
import { formatTargetDialog, parseTargetDialog } from './target-dialog.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Target-Dialog',
  clause: 'RFC 4538 6',
  parse: parseTargetDialog,
  format: formatTargetDialog,
  wellFormed: [
    { source: 'RFC 4538 6', value: 'fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544' },
    { source: 'white space', value: 'a ; remote-tag = 2 ; local-tag = 1', canonical: 'a;local-tag=1;remote-tag=2' },
  ],
  malformed: [
    { fault: 'no local-tag', value: 'a;remote-tag=1', at: 1, expected: 'local-tag' },
    { fault: 'no remote-tag', value: 'a;local-tag=1', at: 1, expected: 'remote-tag' },
    { fault: 'nothing', value: '', at: 0, expected: "';'" },
  ],
});

it('[RFC 4538 6] writes nothing that breaks out', () => {
  const value = parseTargetDialog('a;local-tag=1;remote-tag=2');
  expect(() => formatTargetDialog({ ...value, callId: 'a\r\nb' })).toThrow(TypeError);
});

/**
 * What the README shows is so.
 *
 * @module
 */
import { expect, it } from 'vitest';
import { receive } from '../examples/receive.ts';
import program from '../examples/receive.ts?raw';
import readme from '../README.md?raw';

const document = (version: number, first: string, second: string): Uint8Array =>
  new TextEncoder().encode(
    `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="full">${[first, second]
      .map(
        (contact, index) =>
          `<registration aor="sip:a${index}@b" id="r${index}" state="active">
            <contact id="c${index}" ${contact}><uri>sip:a@c</uri></contact></registration>`,
      )
      .join('')}</reginfo>`,
  );

it('its program stands in the README as it is', () => {
  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\`\n`);
});

it('its program tells of contacts that are with nobody any more', () => {
  const active = 'state="active" event="registered"';
  const rejected = 'state="terminated" event="rejected"';
  expect(receive(document(0, active, active))).toEqual({ gone: [], isRefreshDue: false });
  expect(receive(document(1, active, rejected))).toEqual({ gone: [], isRefreshDue: false });
  expect(receive(document(2, rejected, rejected)).gone.map(({ event }) => event)).toEqual(['rejected', 'rejected']);
  expect(receive(document(2, active, active))).toEqual({ gone: [], isRefreshDue: false });
  expect(receive(new Uint8Array())).toEqual({ gone: [], isRefreshDue: true });
});

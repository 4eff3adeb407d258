import { describe, expect, it } from 'vitest';
import { createUacDialog } from '../dialogs/create-dialog.ts';
import type { InfoPackage } from '../headers/info-package.ts';
import type { SipRequest } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { createInfo } from './create-info.ts';
import { InfoPackages } from './info-packages.ts';

const named = (name: string): InfoPackage => ({ name, params: new Map() });
const saying = (...values: readonly string[]): SipRequest => {
  let { headers } = invitation;
  for (const value of values) headers = headers.with('Recv-Info', value);
  return { ...invitation, headers };
};

describe('InfoPackages', () => {
  it.each([
    { taken: [], recvInfo: '' },
    { taken: [named('foo'), { name: 'trickle-ice', params: new Map([['v', '1']]) }], recvInfo: 'foo, trickle-ice;v=1' },
  ])('[RFC 6086 5.2.3] says "$recvInfo"', ({ taken, recvInfo }) => {
    expect(new InfoPackages(taken).recvInfo).toBe(recvInfo);
  });

  it('[RFC 6086 5.2.2] sends what the far end has said last, over several fields and in any case', () => {
    const packages = new InfoPackages();
    expect([packages.isKnownToPeer, packages.maySend('foo')]).toEqual([false, false]);
    packages.learn(saying('Foo, bar', 'baz;x'));
    expect(['foo', 'BAR', 'baz', 'quux'].map((name) => packages.maySend(name))).toEqual([true, true, true, false]);
    packages.learn(invitation);
    expect(packages.maySend('foo')).toBe(true);
    packages.learn(saying(''));
    expect([packages.isKnownToPeer, packages.maySend('foo')]).toEqual([true, false]);
  });

  it('[RFC 6086 5.2.2] keeps what it knows when Recv-Info is broken', () => {
    const packages = new InfoPackages();
    packages.learn(saying('foo'));
    expect(() => packages.learn(saying('"bar"'))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }),
    );
    expect(packages.maySend('foo')).toBe(true);
  });

  it('[RFC 6086 4.2.2] takes its own packages, and refuses others with 469', () => {
    const packages = new InfoPackages([named('foo')]);
    const info = (value: string): SipRequest => ({
      ...invitation,
      headers: invitation.headers.with('Info-Package', value),
    });
    expect(packages.receive(info('FOO;a=b'))).toEqual({
      type: 'package',
      infoPackage: { name: 'FOO', params: new Map([['a', 'b']]) },
    });
    expect(packages.receive(invitation)).toEqual({ type: 'legacy' });
    expect(() => packages.receive(info('bar'))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_INFO_PACKAGE_REFUSED', statusCode: 469, recvInfo: 'foo' }),
    );
    expect(() => packages.receive(info('"'))).toThrow(expect.objectContaining({ statusCode: 400 }));
  });
});

describe('createInfo', () => {
  it('[RFC 6086 4.2.1] names the package, and says what the body is for', () => {
    const dialog = createUacDialog(invitation, answer(200));
    const { headers, body } = createInfo(dialog, named('foo'), { contentType: 'text/plain', octets: Uint8Array.of(1) });
    expect(['Info-Package', 'Content-Disposition', 'Content-Type'].map((name) => headers.first(name))).toEqual([
      'foo',
      'Info-Package',
      'text/plain',
    ]);
    expect(body).toEqual(Uint8Array.of(1));
    expect(createInfo(dialog, named('foo'), undefined).headers.has('Content-Type')).toBe(false);
  });
});

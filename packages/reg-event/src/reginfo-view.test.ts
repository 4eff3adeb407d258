import { describe, expect, it } from 'vitest';
import { parseReginfo } from './parse-reginfo.ts';
import type { Reginfo } from './reginfo.ts';
import { ReginfoView } from './reginfo-view.ts';

function contact(id: string, event = 'registered', state = 'active'): string {
  return `<contact id="${id}" state="${state}" event="${event}"><uri>sip:${id}@example.net</uri></contact>`;
}

function reginfo(
  version: number,
  state: string,
  ...registrations: readonly (readonly [string, string, string])[]
): Reginfo {
  const written = registrations.map(
    ([id, status, contacts]) => `<registration aor="sip:${id}" id="${id}" state="${status}">${contacts}</registration>`,
  );
  const attributes = `xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="${state}"`;
  return parseReginfo(`<reginfo ${attributes}>${written.join('')}</reginfo>`);
}

/** `registration:contact event`, one each. */
function outline(view: ReginfoView): readonly string[] {
  return view.registrations.flatMap(({ id, contacts }) =>
    contacts.map((each) => `${id}:${each.id} ${each.event}`).concat(contacts.length === 0 ? [id] : []),
  );
}

describe('[RFC 3680 5.2] the view of a watcher', () => {
  it('[RFC 3680 5.2] takes the full state, then what changes', () => {
    const view = new ReginfoView();
    expect([view.version, outline(view)]).toEqual([undefined, []]);
    expect(view.apply(reginfo(0, 'full', ['a', 'active', contact('1')], ['b', 'init', '']))).toBe('applied');
    expect(view.apply(reginfo(1, 'partial', ['a', 'active', contact('2', 'created')]))).toBe('applied');
    expect(outline(view)).toEqual(['b', 'a:1 registered', 'a:2 created']);
    view.apply(reginfo(2, 'partial', ['a', 'active', contact('1', 'refreshed')]));
    expect(outline(view)).toEqual(['b', 'a:1 refreshed', 'a:2 created']);
  });

  it('[RFC 3680 5.2] lets contacts and registrations go that are terminated', () => {
    const view = new ReginfoView();
    view.apply(reginfo(0, 'full', ['a', 'active', contact('1') + contact('2')], ['b', 'active', contact('3')]));
    view.apply(reginfo(1, 'partial', ['a', 'active', contact('1', 'expired', 'terminated')]));
    view.apply(reginfo(2, 'partial', ['b', 'terminated', contact('3', 'rejected', 'terminated')]));
    expect(outline(view)).toEqual(['a:2 registered']);
  });

  it('[RFC 3680 5.2] forgets everything before a full state', () => {
    const view = new ReginfoView();
    view.apply(reginfo(0, 'full', ['a', 'active', contact('1')]));
    expect(view.apply(reginfo(5, 'full', ['b', 'active', contact('2')]))).toBe('applied');
    expect([view.version, outline(view)]).toEqual([5, ['b:2 registered']]);
  });

  it('[RFC 3680 5.2] asks for the full state where a document is missing', () => {
    const view = new ReginfoView();
    view.apply(reginfo(0, 'full', ['a', 'active', contact('1')]));
    expect(view.apply(reginfo(2, 'partial', ['a', 'active', contact('2')]))).toBe('gap');
    expect([view.version, outline(view)]).toEqual([2, ['a:1 registered', 'a:2 registered']]);
    expect(view.apply(reginfo(3, 'partial', ['a', 'active', contact('1', 'refreshed')]))).toBe('applied');
  });

  it('[RFC 3680 5.2] asks for it where the first document is partial', () => {
    expect(new ReginfoView().apply(reginfo(0, 'partial', ['a', 'active', contact('1')]))).toBe('gap');
  });

  it.each(['full', 'partial'])('[RFC 3680 5.2] passes over a %s document that comes late or twice', (state) => {
    const view = new ReginfoView();
    view.apply(reginfo(4, 'full', ['a', 'active', contact('1')]));
    expect(view.apply(reginfo(4, state, ['a', 'active', contact('2')]))).toBe('outdated');
    expect(view.apply(reginfo(3, state, ['a', 'active', contact('2')]))).toBe('outdated');
    expect(outline(view)).toEqual(['a:1 registered']);
  });

  it('[RFC 3680 8] is bounded', () => {
    const view = new ReginfoView();
    for (let version = 0; version < 1_100; version += 1) {
      const state = version === 0 ? 'full' : 'partial';
      view.apply(reginfo(version, state, ['a', 'active', contact(`c${version}`)], [`r${version}`, 'init', '']));
    }
    expect(view.registrations).toHaveLength(1_000);
    expect(view.registrations.find(({ id }) => id === 'a')?.contacts).toHaveLength(1_000);
  });
});

import { describe, expect, it } from 'vitest';
import { MemoryFlow } from '../testing/memory-flow.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { OwnVias } from './own-vias.ts';

const flow = (sentBy: string, transport = 'TLS'): MemoryFlow =>
  new MemoryFlow({ clock: new VirtualClock(), transport, sentBy });

describe('OwnVias', () => {
  it.each([
    { sentBy: 'us.example', params: [], via: 'SIP/2.0/TLS us.example;branch=z9hG4bK1' },
    {
      sentBy: '[2001:db8::1]:5061',
      params: [['rport', '']],
      via: 'SIP/2.0/TLS [2001:db8::1]:5061;rport;branch=z9hG4bK1',
    },
    { sentBy: 'us.example:1', params: [['keep', '30']], via: 'SIP/2.0/TLS us.example:1;keep=30;branch=z9hG4bK1' },
  ] as const)('[RFC 3261 18.1.1] writes $via', ({ sentBy, params, via }) => {
    const vias = new OwnVias();
    const ours = flow(sentBy);
    expect([vias.format(ours, 'z9hG4bK1', params), vias.format(ours, 'z9hG4bK1', params)]).toEqual([via, via]);
  });

  it.each(['us.example:0', '', 'us example', 'us;x=y,SIP/2.0/TLS b'])(
    '[RFC 3261 18.1.1] refuses the sent-by "%s"',
    (sentBy) => {
      expect(() => new OwnVias().format(flow(sentBy), 'z9hG4bK1')).toThrow(TypeError);
    },
  );

  it('[RFC 3261 18.1.1] looks again when a flow calls itself otherwise', () => {
    const vias = new OwnVias();
    const changing = { sentBy: 'us.example', transport: 'TLS', reliable: true, send: async () => {} };
    vias.format(changing, 'z9hG4bK1');
    changing.sentBy = 'us.example:0';
    expect(() => vias.format(changing, 'z9hG4bK1')).toThrow(TypeError);
  });
});

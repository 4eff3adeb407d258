import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SipMessage } from '../messages/message.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;

interface Garbled {
  readonly header: string;
  readonly value: string;
}

/** What happens to each message in turn: lost, twice, late by so many milliseconds, or with another header field. */
type Fate = 'lost' | 'twice' | number | Garbled;

function disturb(scene: CallScene, flow: MemoryFlow, fates: readonly Fate[]): void {
  const pass = flow.onMessage;
  let count = 0;
  flow.onMessage = (message: SipMessage) => {
    const fate = fates[count];
    count += 1;
    if (fate === 'lost') return;
    if (typeof fate === 'number') scene.clock.after(fate, () => pass(message));
    else if (typeof fate === 'object') pass({ ...message, headers: message.headers.set(fate.header, fate.value) });
    else pass(message);
    if (fate === 'twice') pass(message);
  };
}

async function talk(scene: CallScene, hasOffer: boolean): Promise<void> {
  scene.bob.onCall = (call) => {
    call.ring(183, true).catch(() => undefined);
    scene.clock.after(700, () => void call.accept().catch(() => undefined));
  };
  const call = await scene.alice.call('bob', hasOffer);
  await scene.clock.run(3_000);
  const { dialog } = call;
  const changes = [
    dialog?.reinvite(),
    dialog?.update(),
    scene.bob.incoming[0]?.dialog.reinvite(),
    scene.bob.incoming[0]?.dialog.update(false),
  ];
  for (const change of changes) change?.catch(() => undefined);
  await scene.clock.run(5_000);
  call.hangUp();
  await scene.clock.run(10 * minute);
}

const touched = [
  ...['Contact', 'Content-Type', 'Content-Disposition', 'Supported', 'Require', 'Allow', 'Recv-Info', 'RSeq', 'RAck'],
  ...['Session-Expires', 'Min-SE', 'Record-Route', 'Info-Package', 'Retry-After', 'To', 'From', 'CSeq', 'Call-ID'],
];
const junk = [
  '',
  '"',
  '<>',
  '0',
  '1 INVITE',
  '100rel',
  'timer',
  'application/sdp',
  'multipart/mixed',
  '9999999999',
  ';;',
];

it('[RFC 3261 17] a network that loses, repeats, delays and garbles leaves nothing behind, and each end hears of the end once', async () => {
  const fate = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fate>(0) },
    { weight: 2, arbitrary: fc.constant<Fate>('lost') },
    { weight: 1, arbitrary: fc.constant<Fate>('twice') },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4_000 }) },
    { weight: 2, arbitrary: fc.record({ header: fc.constantFrom(...touched), value: fc.constantFrom(...junk) }) },
  );
  const fates = fc.array(fate, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      fates,
      fates,
      fc.boolean(),
      fc.constantFrom('UDP', 'TCP'),
      async (ours, theirs, hasOffer, name) => {
        const scene = new CallScene(name, ['bob'], { sessionTimer: { seconds: 90 } });
        disturb(scene, scene.ours, ours);
        disturb(scene, scene.theirs, theirs);
        await talk(scene, hasOffer);
        const ends = [scene.alice, scene.bob].map(({ log }) => log.filter((line) => line.startsWith('ended')).length);
        expect([scene.left, ends[0]]).toEqual([[0, 0, 0], 1]);
        expect(ends[1]).toBe(scene.bob.incoming.length);
      },
    ),
    { numRuns: 300 },
  );
});

import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { type TrickleEvent, type TrickleRole, trickleGate } from './trickle-gate.ts';
import { type TrickleOutcome, TrickleSender } from './trickle-sender.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly sent: string[];
  readonly sender: TrickleSender;
  say(text: string, isLast?: boolean): void;
  end(outcome: TrickleOutcome): void;
}

function createScene(role: TrickleRole = 'offerer'): Scene {
  const clock = new VirtualClock();
  const sent: string[] = [];
  let text: string | undefined;
  let isLast = false;
  let onEnd: (outcome: TrickleOutcome) => void = () => undefined;
  const sender = new TrickleSender({
    clock,
    role,
    readFragment: () => (text === undefined ? undefined : { octets: encodeUtf8(text), isLast }),
    send: (octets, done) => {
      sent.push(decodeUtf8(octets) ?? '?');
      onEnd = done;
    },
  });
  return {
    clock,
    sent,
    sender,
    say: (next, last = false) => {
      text = next;
      isLast = last;
      sender.update();
      clock.advance(100);
    },
    end: (outcome) => {
      onEnd(outcome);
      clock.advance(100);
    },
  };
}

const events: readonly TrickleEvent[] = [
  ...(['provisional received', 'success received', 'provisional sent', 'PRACK received'] as const),
  ...(['success sent', 'ACK received', 'request received'] as const),
];

describe('TrickleSender', () => {
  it.each((['offerer', 'answerer'] as const).flatMap((role) => events.map((event) => ({ role, event }))))(
    '[RFC 8840 4.3] the $role may send after "$event" as the gate says',
    ({ role, event }) => {
      const { sent, sender, say } = createScene(role);
      say('a');
      expect(sent).toEqual([]);
      sender.handle(event);
      say('a');
      expect(sent).toEqual(trickleGate[role].has(event) ? ['a'] : []);
      sender.stop();
    },
  );

  it('[RFC 8840 4.3] one INFO is under way, and what came meanwhile goes in the next', () => {
    const { clock, end, say, sender, sent } = createScene();
    sender.handle('provisional received');
    say('a');
    say('ab');
    say('abc');
    expect(sent).toEqual(['a']);
    end('taken');
    expect(sent).toEqual(['a', 'abc']);
    end('taken');
    end('taken');
    expect([sent, clock.pending]).toEqual([['a', 'abc'], 0]);
  });

  it('[RFC 8838 13] nothing follows the end of candidates, until ICE starts again', () => {
    const { end, say, sender, sent } = createScene();
    sender.handle('success received');
    say('a end', true);
    end('taken');
    say('a late');
    expect(sent).toEqual(['a end']);
    sender.restart();
    say('b');
    expect(sent).toEqual(['a end', 'b']);
    end('taken');
  });

  it('[RFC 8840 4.3] stops where the far end takes none', () => {
    const { clock, end, say, sender, sent } = createScene();
    sender.handle('success received');
    say('a');
    end('refused');
    say('ab');
    expect([sent, sender.isStopped, clock.pending]).toEqual([['a'], true, 0]);
  });

  it('[RFC 8840 4.3] tries three times, and then waits for more to say or for a new flow', () => {
    const { clock, end, say, sender, sent } = createScene();
    sender.handle('success received');
    say('a');
    for (let count = 0; count < 3; count += 1) end('failed');
    say('a');
    expect([sent, clock.pending]).toEqual([['a', 'a', 'a'], 0]);
    say('ab');
    end('taken');
    sender.restart();
    say('ab');
    expect(sent).toEqual(['a', 'a', 'a', 'ab', 'ab']);
    end('taken');
    expect(clock.pending).toBe(0);
  });

  it('[RFC 8838 9] a burst is one INFO, and none leaves after the end of the dialog', () => {
    const { clock, sender, sent } = createScene();
    sender.handle('success received');
    sender.update();
    expect(clock.pending).toBe(1);
    sender.stop();
    clock.advance(1_000);
    expect([sent, clock.pending]).toEqual([[], 0]);
  });
});

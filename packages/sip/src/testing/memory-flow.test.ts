import { describe, expect, it } from 'vitest';
import type { SipMessage } from '../messages/message.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { MemoryFlow } from './memory-flow.ts';
import { exampleOctets, registrationExamples } from './rfc3261-examples.ts';
import { VirtualClock } from './virtual-clock.ts';

const message = parseMessage(exampleOctets(registrationExamples[0] ?? { source: '', lines: [] }));

describe('MemoryFlow', () => {
  it('[RFC 3261 18] carries messages both ways, as octets and on the clock', async () => {
    const clock = new VirtualClock();
    const [left, right] = MemoryFlow.pair({ clock, transport: 'TCP', sentBy: 'left' }, 'right');
    const heard: SipMessage[] = [];
    right.onMessage = (received) => heard.push(received);
    left.onMessage = (received) => heard.push(received);
    await left.send(message);
    expect(heard).toEqual([]);
    await right.send(message);
    await clock.run(0);
    expect(heard).toHaveLength(2);
    expect(heard[0]).not.toBe(message);
    expect([left.reliable, left.sentBy, right.sentBy]).toEqual([true, 'left', 'right']);
  });

  it('[RFC 3261 18] loses what it is told to lose, and rejects once it is closed', async () => {
    const clock = new VirtualClock();
    const [left, right] = MemoryFlow.pair({ clock, transport: 'UDP', sentBy: 'left' }, 'right');
    const heard: SipMessage[] = [];
    right.onMessage = (received) => heard.push(received);
    left.isLost = () => true;
    await left.send(message);
    left.isLost = () => false;
    await left.send(message);
    right.close();
    await clock.run(0);
    left.close();
    await expect(left.send(message)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    expect([heard, left.sent.length, left.reliable]).toEqual([[], 2, false]);
  });
});

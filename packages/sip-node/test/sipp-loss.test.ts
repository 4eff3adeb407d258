/**
 * SIPp and this stack over a network that loses the first copy of every datagram: both ends have to repeat what they say.
 *
 * @module
 */
import type { OutgoingCall } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { describe, expect, it } from 'vitest';
import { startLossyRelay } from './lossy-relay.ts';
import { hasSipp, startSipp } from './sipp-process.ts';
import { startUserAgent } from './user-agent.ts';

const suffix = hasSipp ? '' : ' (skipped: /usr/bin/sipp is missing)';

describe.skipIf(!hasSipp)(`SIPp and datagrams that are lost${suffix}`, () => {
  it('[RFC 3261 17.2, UDP] SIPp calls our UAS: the 200 is repeated until the ACK gets through', async () => {
    const ours = await startUserAgent({ transport: 'UDP' });
    const relay = await startLossyRelay(ours.port);
    // SIPp talks for a while: meanwhile its ACK goes out again.
    const sipp = await startSipp({
      scenario: 'uac-invite',
      transport: 'UDP',
      remotePort: relay.port,
      args: ['-d', '2000'],
    });
    await sipp.done;
    await ours.log.when(() => ours.tally['ended remote'] === 5);
    expect(ours.tally).toEqual({ 'INVITE': 5, 'answered': 5, 'BYE': 5, 'ended remote': 5 });
    // INVITE, 200, ACK, BYE, 200 of each call were lost at first.
    expect(relay.counts.lost).toBeGreaterThanOrEqual(25);
  });

  it('[RFC 3261 17.1, UDP] our UAC calls SIPp: INVITE, ACK and BYE are repeated', async () => {
    const ours = await startUserAgent({ transport: 'UDP' });
    // SIPp stays for a while, to hear that a BYE comes again.
    const sipp = await startSipp({ scenario: 'uas-invite', transport: 'UDP', args: ['-d', '2000'] });
    const relay = await startLossyRelay(sipp.port);
    const hangUpLater = (call: OutgoingCall<NodeFlow>): void =>
      void ours.endpoint.clock.after(2_000, () => call.hangUp());
    await ours.call(relay.port, 5, { answered: hangUpLater });
    await sipp.done;
    expect(ours.tally).toMatchObject({ 'answered': 5, 'ended local': 5 });
    expect(relay.counts.lost).toBeGreaterThanOrEqual(25);
  });
});

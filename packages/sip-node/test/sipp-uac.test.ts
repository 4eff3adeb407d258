/**
 * SIPp calls this stack: a stranger's client, our server.
 *
 * @module
 */
import type { IncomingCall } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { describe, expect, it } from 'vitest';
import { hasSipp, startSipp } from './sipp-process.ts';
import { SmallRegistrar } from './small-registrar.ts';
import { answer, startUserAgent } from './user-agent.ts';

const suffix = hasSipp ? '' : ' (skipped: /usr/bin/sipp is missing)';
const account = { realm: 'ours.example', username: 'alice', password: 'wonder land' };

describe.skipIf(!hasSipp).each(['UDP', 'TCP'] as const)(`SIPp calls over %s${suffix}`, (transport) => {
  it(`[RFC 3261 13, ${transport}] SIPp calls our UAS: INVITE, 200, ACK, BYE`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uac-invite', transport, remotePort: ours.port });
    await sipp.done;
    expect(ours.tally).toEqual({ 'INVITE': 5, 'answered': 5, 'BYE': 5, 'ended remote': 5 });
    expect(ours.calls.size).toBe(0);
  });

  it(`[RFC 3261 9.2, ${transport}] SIPp gives up while our UAS rings: CANCEL, 487, ACK`, async () => {
    const ours = await startUserAgent({ transport, onCall: (call) => call.ring() });
    const sipp = await startSipp({ scenario: 'uac-cancel', transport, remotePort: ours.port });
    await sipp.done;
    expect(ours.tally).toEqual({ 'INVITE': 5, 'CANCEL': 5, 'ended remote': 5 });
    expect(ours.calls.size).toBe(0);
  });

  it(`[RFC 3261 14.2, ${transport}] SIPp changes the session of a call to our UAS: re-INVITE`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uac-reinvite', transport, remotePort: ours.port });
    await sipp.done;
    expect(ours.tally).toEqual({ 'INVITE': 10, 'answered': 5, 'BYE': 5, 'ended remote': 5 });
  });

  it(`[RFC 3262 3, ${transport}] SIPp requires 100rel of our UAS: 180 with RSeq, PRACK, 200`, async () => {
    // The 200 waits for the PRACK of a response that describes the session.
    const onCall = (call: IncomingCall<NodeFlow>): Promise<void> => answer(call, { isDescribed: true });
    const ours = await startUserAgent({ transport, onCall });
    const sipp = await startSipp({ scenario: 'uac-prack', transport, remotePort: ours.port });
    await sipp.done;
    expect(ours.tally).toEqual({ 'INVITE': 5, 'PRACK': 5, 'answered': 5, 'BYE': 5, 'ended remote': 5 });
  });

  // Of Digest SIPp knows MD5 alone, and of several challenges it looks at the first.
  it(`[RFC 3261 22.4, ${transport}] SIPp registers with MD5 at our registrar, and leaves`, async () => {
    const registrar = new SmallRegistrar({ ...account, algorithms: ['MD5'] });
    const ours = await startUserAgent({ transport, onRequest: (transaction) => registrar.onRegister(transaction) });
    const args = ['-s', 'alice', '-ap', account.password];
    const sipp = await startSipp({ scenario: 'uac-register', transport, remotePort: ours.port, args });
    await sipp.done;
    expect(registrar.tally).toEqual({ 200: 10, 401: 10 });
    expect(registrar.bindings).toEqual(new Map([[`sip:alice@127.0.0.1:${ours.port}`, []]]));
  });

  it(`[RFC 3261 22.2, ${transport}] SIPp does not register with a wrong password`, async () => {
    const registrar = new SmallRegistrar({ ...account, algorithms: ['MD5'] });
    const ours = await startUserAgent({ transport, onRequest: (transaction) => registrar.onRegister(transaction) });
    const args = ['-s', 'alice', '-ap', 'wonderland'];
    const sipp = await startSipp({ scenario: 'uac-register-refused', transport, remotePort: ours.port, args });
    await sipp.done;
    expect(registrar.bindings).toEqual(new Map());
    expect(registrar.tally).toEqual({ 401: 10 });
  });
});

/**
 * This stack calls SIPp: our client, a stranger's server.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, type OutgoingCall, parseContact, Registration, type SipRequest } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { describe, expect, it } from 'vitest';
import { startExample } from './example-process.ts';
import { findFreePort } from './free-port.ts';
import { hasSipp, startSipp } from './sipp-process.ts';
import { startUserAgent, type UserAgent } from './user-agent.ts';

const suffix = hasSipp ? '' : ' (skipped: /usr/bin/sipp is missing)';

describe.skipIf(!hasSipp).each(['UDP', 'TCP'] as const)(`SIPp is called over %s${suffix}`, (transport) => {
  it(`[RFC 3261 13, ${transport}] our UAC calls SIPp: INVITE, 200, ACK, BYE`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uas-invite', transport });
    await ours.call(sipp.port, 5, { answered: (call) => call.hangUp() });
    await sipp.done;
    expect(ours.tally).toEqual({ 'progress 180': 5, 'answered': 5, 'answer taken': 5, 'ended local': 5 });
    expect(ours.calls.size).toBe(0);
  });

  it(`[RFC 3261 13, ${transport}] examples/call.ts calls SIPp`, async () => {
    const sipp = await startSipp({ scenario: 'uas-invite', transport, calls: 1 });
    const uri = `sip:service@127.0.0.1:${sipp.port};transport=${transport.toLowerCase()}`;
    const example = startExample('call', uri, String(await findFreePort()));
    expect(await example.ended).toBe(0);
    await sipp.done;
    expect(example.lines.all).toEqual([
      '180 Ringing',
      expect.stringMatching(/^answer of \d+ octets$/u),
      'answered',
      'ended: local',
    ]);
  });

  it(`[RFC 3261 9.1, ${transport}] our UAC gives up while SIPp rings: CANCEL, 487, ACK`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uas-cancel', transport });
    await ours.call(sipp.port, 5, { 'progress 180': (call) => call.hangUp() });
    await sipp.done;
    expect(ours.tally).toEqual({ 'progress 180': 5, 'ended local': 5 });
    expect(ours.calls.size).toBe(0);
  });

  it(`[RFC 3261 14.1, ${transport}] our UAC changes the session of a call to SIPp: re-INVITE`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uas-reinvite', transport });
    const reactions = {
      answered: async (call: OutgoingCall<NodeFlow>) => {
        const response = await call.dialog?.reinvite();
        expect(response?.statusCode).toBe(200);
        call.hangUp();
      },
    };
    await ours.call(sipp.port, 5, reactions);
    await sipp.done;
    expect(ours.tally).toEqual({ 'progress 180': 5, 'answered': 5, 'answer taken': 10, 'ended local': 5 });
  });

  it(`[RFC 3262 4, ${transport}] our UAC hears SIPp ring reliably: 180 with RSeq, PRACK, 200`, async () => {
    const ours = await startUserAgent({ transport });
    const sipp = await startSipp({ scenario: 'uas-prack', transport });
    await ours.call(sipp.port, 5, { answered: (call) => call.hangUp() });
    await sipp.done;
    expect(ours.tally).toEqual({ 'progress 180': 5, 'answered': 5, 'answer taken': 5, 'ended local': 5 });
  });

  it(`[RFC 3261 22.2, ${transport}] our UAC registers with MD5 at SIPp, and leaves`, async () => {
    const ours = await startUserAgent({ transport });
    const args = ['-key', 'user', 'alice', '-key', 'password', 'wonderland'];
    const sipp = await startSipp({ scenario: 'uas-register', transport, args });
    const once = (): Promise<readonly string[]> => register(ours, sipp.port, transport, 'wonderland');
    const told = await Promise.all([once(), once(), once(), once(), once()]);
    await sipp.done;
    for (const states of told) {
      expect(states).toEqual(['registering', 'registered for 600 s', 'unregistering', 'unregistered']);
    }
  });

  it(`[RFC 3261 22.2, ${transport}] SIPp does not take a wrong password of ours`, async () => {
    const ours = await startUserAgent({ transport });
    const args = ['-key', 'user', 'alice', '-key', 'password', 'wonderland'];
    const sipp = await startSipp({ scenario: 'uas-register', transport, args, calls: 1 });
    expect(await register(ours, sipp.port, transport, 'wonder')).toEqual(['registering', 'failed: 403']);
    await sipp.done;
  });
});

/** Registers and leaves again; what the registration tells until it has ended. */
async function register(
  ours: UserAgent,
  port: number,
  transport: string,
  password: string,
): Promise<readonly string[]> {
  const digest = new DigestClient({ findUser: () => ({ username: 'alice', password }), random: randomBytes });
  const { clock, layer } = ours.endpoint;
  const flow = await ours.connect(port);
  const told: string[] = [];
  const withCredentials = (request: SipRequest): SipRequest =>
    request.headers.has('Authorization') ? request : digest.authorize(request);
  return new Promise((resolve) => {
    const registration = new Registration({
      registrar: `sip:127.0.0.1:${port};transport=${transport.toLowerCase()}`,
      aor: 'sip:alice@sipp.example',
      contacts: [parseContact(`<sip:alice@127.0.0.1:${ours.port}>`)],
      expiresSeconds: 600,
      fromTag: layer.createToken(),
      callId: layer.createToken(),
      clock,
      random: Math.random,
      // Once challenged, the next REGISTER has credentials from the start.
      send: (request, inform) => void layer.request(withCredentials(request), flow, inform),
      authorize: (request, response) => digest.retry(request, response),
      onState: ({ status, registered, failure }) => {
        if (status === 'registered') told.push(`registered for ${registered?.expiresSeconds} s`);
        else if (failure !== undefined && 'response' in failure) told.push(`failed: ${failure.response.statusCode}`);
        else told.push(status);
        if (status === 'registered') registration.unregister();
        if (status === 'unregistered' || status === 'failed') resolve(told);
      },
    });
    registration.register();
  });
}

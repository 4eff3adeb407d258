/**
 * The TURN client of werift against our engine: two of its peer connections that know no way but the relay.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RTCDataChannel, RTCPeerConnection } from 'werift';
import { EngineProcess, realm, secret } from '../testing/engine-process.ts';
import { Stand } from '../testing/stand.ts';

describe('werift', () => {
  let server: EngineProcess;
  const connections: RTCPeerConnection[] = [];

  beforeAll(async () => {
    server = await EngineProcess.start('builtin', '', {
      TURN_REALM: realm,
      TURN_SECRET: secret,
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
    });
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  });

  function connect(transport: 'udp' | 'tcp'): RTCPeerConnection {
    const { username, password: credential } = new Stand(server).credential();
    const urls = `turn:${server.host}:${server.port}?transport=${transport}`;
    const connection = new RTCPeerConnection({
      iceServers: [{ urls, username, credential }],
      iceTransportPolicy: 'relay',
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    connections.push(connection);
    return connection;
  }

  it.each(['udp', 'tcp'] as const)(
    '[X.5.2.2-7] [RFC 8656 7] gathers a relayed candidate over %s and sends data both ways through it',
    async (transport) => {
      const [alice, bob] = [connect(transport), connect(transport)];
      const channel = alice.createDataChannel('data');
      const answered = new Promise<string>((resolve) =>
        channel.onMessage.subscribe((data) => resolve(data.toString())),
      );
      bob.onDataChannel.subscribe((remote: RTCDataChannel) => {
        remote.onMessage.subscribe((data) => remote.send(`heard: ${data.toString()}`));
      });
      await alice.setLocalDescription(await alice.createOffer());
      await gathered(alice);
      await bob.setRemoteDescription(sdpOf(alice));
      await bob.setLocalDescription(await bob.createAnswer());
      await gathered(bob);
      await alice.setRemoteDescription(sdpOf(bob));
      for (const { sdp } of [sdpOf(alice), sdpOf(bob)]) {
        expect(sdp).toMatch(/^a=candidate:.* typ relay/mu);
        expect(sdp).not.toMatch(/ typ (?:host|srflx)/u);
      }
      channel.stateChanged.subscribe((state) => {
        if (state === 'open') channel.send(Buffer.from('through the relay'));
      });
      expect(await answered).toBe('heard: through the relay');
    },
  );
});

async function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return;
  await connection.iceGatheringStateChange.watch((state) => state === 'complete', 10_000);
}

function sdpOf(connection: RTCPeerConnection): { readonly type: 'offer' | 'answer'; readonly sdp: string } {
  const description = connection.localDescription;
  if (!description) throw new Error('expected a local description');
  return { type: description.type === 'offer' ? 'offer' : 'answer', sdp: description.sdp };
}

/**
 * Two ends of a data channel in one page, which may reach each other through a TURN server only.
 *
 * @module
 */

interface Relayed {
  /** The kinds of candidates that were gathered. */
  readonly types: readonly string[];
  /** What one end heard from the other. */
  readonly heard: string;
}

/** Runs in the page. */
export async function gatherAndConnect(server: RTCIceServer): Promise<Relayed> {
  const configuration: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
  const [one, other] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
  const types = new Set<string>();
  const follow = (from: RTCPeerConnection, to: RTCPeerConnection): void => {
    from.onicecandidate = ({ candidate }) => {
      if (candidate === null || candidate.candidate === '') return;
      types.add(String(candidate.type));
      void to.addIceCandidate(candidate);
    };
  };
  follow(one, other);
  follow(other, one);
  const heard = new Promise<string>((resolve) => {
    other.ondatachannel = ({ channel }) => {
      channel.onmessage = ({ data }) => resolve(String(data));
    };
  });
  const channel = one.createDataChannel('test');
  channel.onopen = () => channel.send('over the relay');
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
  const result = { types: [] as string[], heard: await heard };
  result.types.push(...types);
  one.close();
  other.close();
  return result;
}

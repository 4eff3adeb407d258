/**
 * ICE restarts that are not heard: media keep the path they have until a new one is there (RFC 8445 9).
 *
 * Chromium needs help with it. It pairs each new local candidate with those the far end had before, and stops gathering
 * as soon as one such pair works: of several networks only the fastest then has a new candidate. Media that prefer
 * another one stay on the old path, and fall silent for seconds when its relay ends. So the browser is made to forget
 * the far end's candidates first, and is told new ones when its own are complete.
 *
 * @module
 */

/** How long gathering may take while media flow all the same. */
export const seamlessGatherMs = 3_000;

/**
 * Of an ICE session that is still to come, as far as the browser can know: Chromium then drops all candidates before
 * it, others refuse it. Nobody can check it, as it only opens connections itself (RFC 6544 4.5).
 */
const candidateToCome = 'candidate:1 1 tcp 1 127.0.0.1 9 typ host tcptype active ufrag none';

/** New candidates of ours are not paired with those the far end had. The path in use stays. */
export async function forgetFarCandidates(connection: RTCPeerConnection): Promise<void> {
  const mids = connection.getTransceivers().flatMap(({ mid }) => (mid === null ? [] : [mid]));
  const candidates = mids.map((sdpMid) => ({ candidate: candidateToCome, sdpMid, usernameFragment: 'none' }));
  await Promise.allSettled(candidates.map((candidate) => connection.addIceCandidate(candidate)));
}

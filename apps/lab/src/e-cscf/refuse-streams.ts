/**
 * An SDP answer that refuses every stream of the offer (RFC 3264 6).
 *
 * @module
 */

const maxStreams = 32;
const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];

/** The answer; without an offer, a description without streams. */
export function refuseStreams(offer: Uint8Array | undefined): Uint8Array {
  const lines = offer === undefined ? [] : new TextDecoder().decode(offer).split(/\r?\n/u);
  const refused: string[] = [];
  for (const line of lines) {
    const stream = /^m=(\S+) \d+(?:\/\d+)? (\S+) (.+)$/u.exec(line);
    if (stream !== null && refused.length < 2 * maxStreams) refused.push(`m=${stream[1]} 0 ${stream[2]} ${stream[3]}`);
    // A browser finds its streams by their names (RFC 9429 5.11).
    else if (line.startsWith('a=mid:') && refused.length > 0) refused.push(line);
  }
  const connection = refused.length === 0 ? [] : ['c=IN IP4 0.0.0.0'];
  return new TextEncoder().encode(
    `${[...session.slice(0, 3), ...connection, ...session.slice(3), ...refused].join('\r\n')}\r\n`,
  );
}

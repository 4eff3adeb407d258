/**
 * Session descriptions of peer connections without media: sections, directions, ICE credentials (RFC 8866, RFC 3264).
 *
 * @module
 */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | 'stopped';

interface Section {
  readonly kind: 'audio' | 'video';
  readonly mid: string | null;
}

export function formatSdp(sections: readonly string[]): string {
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\n${sections.join('')}`;
}

export function formatSection({ kind, mid }: Section, direction: Direction, ufrag: string): string {
  const payload = kind === 'audio' ? 'opus/48000/2' : 'VP8/90000';
  const lines = [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid ?? ''}`,
    `a=${direction}`,
    `a=rtpmap:96 ${payload}`,
    'a=rtcp-mux',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${ufrag}${'p'.repeat(20)}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

export function withCandidates(sdp: string, candidates: readonly string[]): string {
  const [head = '', ...sections] = sdp.split(/^(?=m=)/mu);
  const [first = '', ...others] = sections;
  return [head, first, ...candidates.map((candidate) => `a=${candidate}\r\n`), ...others].join('');
}

export function readSections(sdp: string): (Section & { readonly mid: string; readonly direction: Direction })[] {
  return sdp
    .split(/^(?=m=)/mu)
    .slice(1)
    .map((text) => ({
      kind: text.startsWith('m=video') ? 'video' : 'audio',
      mid: /^a=mid:(\S+)/mu.exec(text)?.[1] ?? '0',
      direction: (/^a=(sendrecv|sendonly|recvonly|inactive)/mu.exec(text)?.[1] ?? 'sendrecv') as Direction,
    }));
}

export function reverse(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

export function intersect(ours: Direction, theirs: Direction): Direction {
  const sends = canSend(ours) && canSend(theirs);
  const receives = canSend(reverse(ours)) && canSend(reverse(theirs));
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}

function canSend(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

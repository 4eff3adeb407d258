/**
 * What of a session description the SDK itself needs to know (RFC 8866); the rest is the browser's.
 *
 * @module
 */

/** A media section, as far as ICE and directions go. */
export interface MediaSection {
  /** `audio`, `video`, `application` … */
  readonly kind: string;
  readonly port: number;
  readonly mid: string | undefined;
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly iceUfrag: string | undefined;
  readonly icePwd: string | undefined;
  /** Without the `a=`. */
  readonly candidates: readonly string[];
}

const maxSections = 32;

/** The media sections; attributes of the session stand in for those a section lacks. */
export function readMediaSections(sdp: string): readonly MediaSection[] {
  const [session = '', ...sections] = sdp.split(/^m=/mu).slice(0, maxSections + 1);
  return sections.map((text) => readSection(text, session));
}

/** The same description, with no candidates in it, nor the end of them. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gmu, '');
}

/** Whether the far end sends, or offers to send, pictures. */
export function offersVideo(sdp: string): boolean {
  return readMediaSections(sdp).some(
    ({ kind, port, direction }) => kind === 'video' && port !== 0 && direction.startsWith('send'),
  );
}

/** Whether there is sound to talk by. */
export function hasAudio(sdp: string): boolean {
  return readMediaSections(sdp).some(({ kind, port }) => kind === 'audio' && port !== 0);
}

function readSection(text: string, session: string): MediaSection {
  const [kind = '', port = ''] = text.slice(0, 200).split(/[ /\r\n]/u);
  const directions = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/mu;
  const direction = directions.exec(text)?.[1] ?? directions.exec(session)?.[1] ?? 'sendrecv';
  return {
    kind,
    port: /^\d+$/u.test(port) ? Number(port) : 0,
    mid: findAttribute('mid', text),
    direction: direction as MediaSection['direction'],
    iceUfrag: findAttribute('ice-ufrag', text) ?? findAttribute('ice-ufrag', session),
    icePwd: findAttribute('ice-pwd', text) ?? findAttribute('ice-pwd', session),
    candidates: text.match(/(?<=^a=)candidate:.*?(?=\r?$)/gmu) ?? [],
  };
}

/** The value of the first attribute `name` in `text`. */
function findAttribute(name: string, text: string): string | undefined {
  const start = `a=${name}:`;
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .trim();
}

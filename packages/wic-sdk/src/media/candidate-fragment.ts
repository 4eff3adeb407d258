/**
 * Candidates on their way after the description they belong to: `application/trickle-ice-sdpfrag` (RFC 8840 9).
 *
 * @module
 */

export interface CandidateFragment {
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly sections: readonly FragmentSection[];
  /** Nothing more comes for any section. */
  readonly isComplete: boolean;
}

export interface FragmentSection {
  readonly mid: string;
  /** The media type of the pseudo media line. */
  readonly kind: string;
  /** Each `candidate:…`, as in an attribute. */
  readonly candidates: readonly string[];
  readonly isComplete: boolean;
}

/** How many candidates of one end are taken in for one ICE session. */
export const maxCandidates = 100;
const maxCharacters = 32_768;
const maxLines = 400;
const maxSections = 32;
const candidateText = /^candidate:[\x21-\x7e][\x20-\x7e]{0,1000}$/u;
const iceText = /^[A-Za-z0-9+/]{1,256}$/u;
const midText = /^[\x21-\x7e]{1,64}$/u;

export function formatFragment({ iceUfrag, icePwd, sections, isComplete }: CandidateFragment): string {
  const lines = [`a=ice-ufrag:${iceUfrag}`, `a=ice-pwd:${icePwd}`];
  for (const section of sections) {
    lines.push(`m=${section.kind} 9 RTP/AVP 0`, `a=mid:${section.mid}`);
    lines.push(...section.candidates.map((candidate) => `a=${candidate}`));
    if (section.isComplete || isComplete) lines.push('a=end-of-candidates');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** What `text` says; undefined where it is no such fragment, or passes a bound. Unknown lines are skipped. */
export function parseFragment(text: string): CandidateFragment | undefined {
  if (text.length > maxCharacters) return undefined;
  const lines = text.split(/\r?\n/u);
  if (lines.length > maxLines) return undefined;
  const head = lines.findIndex((line) => line.startsWith('m='));
  const session = lines.slice(0, head < 0 ? lines.length : head);
  const iceUfrag = findValue('a=ice-ufrag:', session) ?? findValue('a=ice-ufrag:', lines);
  const icePwd = findValue('a=ice-pwd:', session) ?? findValue('a=ice-pwd:', lines);
  if (iceUfrag === undefined || icePwd === undefined || !iceText.test(iceUfrag) || !iceText.test(icePwd)) {
    return undefined;
  }
  const sections = head < 0 ? [] : readSections(lines.slice(head));
  if (sections === undefined) return undefined;
  return { iceUfrag, icePwd, sections, isComplete: session.includes('a=end-of-candidates') };
}

function readSections(lines: readonly string[]): readonly FragmentSection[] | undefined {
  const starts = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  if (starts.length > maxSections) return undefined;
  const sections = starts.map((start, index) => readSection(lines.slice(start, starts[index + 1])));
  const total = sections.reduce((count, section) => count + (section?.candidates.length ?? 0), 0);
  if (total > maxCandidates || sections.includes(undefined)) return undefined;
  return sections.filter((section) => section !== undefined);
}

function readSection([start = '', ...lines]: readonly string[]): FragmentSection | undefined {
  const mid = findValue('a=mid:', lines);
  if (mid === undefined || !midText.test(mid)) return undefined;
  const candidates = lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.slice(2));
  if (!candidates.every((candidate) => candidateText.test(candidate))) return undefined;
  const kind = /^m=([a-z]+) /u.exec(start)?.[1] ?? 'audio';
  return { mid, kind, candidates, isComplete: lines.includes('a=end-of-candidates') };
}

function findValue(start: string, lines: readonly string[]): string | undefined {
  return lines
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .trim();
}

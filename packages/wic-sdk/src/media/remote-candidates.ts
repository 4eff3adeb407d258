/**
 * Candidates of the far end that came by themselves: they wait for the description they belong to (RFC 8840 4.4).
 *
 * @module
 */
import { type CandidateFragment, maxCandidates } from './candidate-fragment.ts';
import { type MediaSection, readMediaSections } from './session-description.ts';

/** Fragments for descriptions that have not come, e.g. of several phones that ring. */
const maxWaiting = 16;

export class RemoteCandidates {
  readonly #apply: (candidate: RTCIceCandidateInit) => void;
  #iceUfrag: string | undefined;
  #icePwd: string | undefined;
  readonly #waiting = new Map<string, CandidateFragment>();
  #applied = new Set<string>();
  /** What is not applied yet: see {@link RemoteCandidates.release}. */
  #held: RTCIceCandidateInit[] | undefined;

  constructor(apply: (candidate: RTCIceCandidateInit) => void) {
    this.#apply = apply;
  }

  /** Whether the description `sdp` of the far end begins a new ICE session. */
  isNewSession(sdp: string): boolean {
    return findIce(sdp)?.iceUfrag !== this.#iceUfrag;
  }

  /**
   * The far end's description is in effect. Whether it begins a new ICE session. `holds`: it was taken without its
   * candidates, which wait for {@link release}, as do those that come by themselves.
   */
  restartFrom(sdp: string, { holds = false }: { readonly holds?: boolean } = {}): boolean {
    const isNew = this.isNewSession(sdp);
    const section = findIce(sdp);
    if (isNew) this.#applied = new Set();
    this.#iceUfrag = section?.iceUfrag;
    this.#icePwd = section?.icePwd;
    this.#held = holds ? [] : undefined;
    if (holds) this.#addDescribed(sdp);
    const waiting = this.#iceUfrag === undefined ? undefined : this.#waiting.get(this.#iceUfrag);
    this.#waiting.clear();
    if (waiting !== undefined) this.add(waiting);
    return isNew;
  }

  /** Fragments repeat what they said before; each candidate is applied once. Those of another ICE session are not. */
  add(fragment: CandidateFragment): void {
    if (fragment.iceUfrag !== this.#iceUfrag) {
      this.#keep(fragment);
      return;
    }
    if (fragment.icePwd !== this.#icePwd) return;
    for (const section of fragment.sections) {
      for (const candidate of section.candidates) this.#applyOnce(candidate, section.mid);
      if (section.isComplete || fragment.isComplete) this.#applyOnce('', section.mid);
    }
  }

  /** Applies what was held. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const candidate of held) this.#apply(candidate);
  }

  #addDescribed(sdp: string): void {
    for (const { mid, candidates } of readMediaSections(sdp)) {
      if (mid !== undefined) for (const candidate of candidates) this.#applyOnce(candidate, mid);
    }
  }

  #keep(fragment: CandidateFragment): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(fragment.iceUfrag)) return;
    this.#waiting.set(fragment.iceUfrag, fragment);
  }

  #applyOnce(candidate: string, mid: string): void {
    const key = `${mid} ${candidate}`;
    if (this.#applied.has(key) || this.#applied.size >= maxCandidates) return;
    this.#applied.add(key);
    const init = { candidate, sdpMid: mid, usernameFragment: this.#iceUfrag ?? null };
    if (this.#held === undefined) this.#apply(init);
    else this.#held.push(init);
  }
}

function findIce(sdp: string): MediaSection | undefined {
  return readMediaSections(sdp).find(({ iceUfrag }) => iceUfrag !== undefined);
}

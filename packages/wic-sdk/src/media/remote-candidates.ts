/**
 * Candidates of the far end that came by themselves: they wait for the description they belong to (RFC 8840 4.4).
 *
 * @module
 */
import { type CandidateFragment, maxCandidates } from './candidate-fragment.ts';
import { readMediaSections } from './session-description.ts';

/** Fragments for descriptions that have not come, e.g. of several phones that ring. */
const maxWaiting = 16;

export class RemoteCandidates {
  readonly #apply: (candidate: RTCIceCandidateInit) => void;
  #iceUfrag: string | undefined;
  #icePwd: string | undefined;
  readonly #waiting = new Map<string, CandidateFragment>();
  #applied = new Set<string>();

  constructor(apply: (candidate: RTCIceCandidateInit) => void) {
    this.#apply = apply;
  }

  /** The far end's description is in effect. Whether it begins a new ICE session. */
  restartFrom(sdp: string): boolean {
    const section = readMediaSections(sdp).find(({ iceUfrag }) => iceUfrag !== undefined);
    const isNew = section?.iceUfrag !== this.#iceUfrag;
    if (isNew) this.#applied = new Set();
    this.#iceUfrag = section?.iceUfrag;
    this.#icePwd = section?.icePwd;
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

  #keep(fragment: CandidateFragment): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(fragment.iceUfrag)) return;
    this.#waiting.set(fragment.iceUfrag, fragment);
  }

  #applyOnce(candidate: string, mid: string): void {
    const key = `${mid} ${candidate}`;
    if (this.#applied.has(key) || this.#applied.size >= maxCandidates) return;
    this.#applied.add(key);
    this.#apply({ candidate, sdpMid: mid, usernameFragment: this.#iceUfrag ?? null });
  }
}

/**
 * Our own candidates: which of them a description carried, and which have to follow it (RFC 8838 10, RFC 8840 4).
 *
 * @module
 */
import { type CandidateFragment, type FragmentSection, maxCandidates } from './candidate-fragment.ts';
import { readMediaSections } from './session-description.ts';

export class LocalCandidates {
  #iceUfrag: string | undefined;
  #icePwd: string | undefined;
  /** Media types by mid, as in the description. */
  #kinds: ReadonlyMap<string, string> = new Map();
  #late: { readonly mid: string; readonly candidate: string }[] = [];
  #isDescribed = false;
  #isComplete = false;
  /** The description that left said itself that nothing follows. */
  #wasComplete = false;

  /** A description takes effect at our end: with new ICE credentials candidates start anew, and the answer is yes. */
  restartFrom(sdp: string): boolean {
    const sections = readMediaSections(sdp);
    const iceUfrag = sections.find((section) => section.iceUfrag !== undefined)?.iceUfrag;
    this.#kinds = new Map(sections.flatMap(({ mid, kind }) => (mid === undefined ? [] : [[mid, kind] as const])));
    if (iceUfrag === this.#iceUfrag) return false;
    this.#iceUfrag = iceUfrag;
    this.#icePwd = sections.find((section) => section.icePwd !== undefined)?.icePwd;
    this.#late = [];
    this.#isDescribed = false;
    this.#isComplete = false;
    this.#wasComplete = false;
    return true;
  }

  /** The description leaves as it is now: what was found so far is in it. */
  describe(): void {
    this.#isDescribed = true;
    this.#wasComplete = this.#isComplete;
    this.#late = [];
  }

  /** Whether `candidate` has to follow the description. */
  add({ candidate, sdpMid, usernameFragment }: RTCIceCandidate): boolean {
    const isOld = usernameFragment !== null && usernameFragment !== undefined && usernameFragment !== this.#iceUfrag;
    if (isOld || candidate === '' || !this.#isDescribed || this.#late.length >= maxCandidates) return false;
    this.#late.push({ mid: sdpMid ?? this.#kinds.keys().next().value ?? '0', candidate });
    return true;
  }

  /** Gathering is over. Whether that has to be told. */
  complete(): boolean {
    const isNews = this.#isDescribed && !this.#isComplete;
    this.#isComplete = true;
    return isNews;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Everything that followed the last description so far; undefined where there is nothing to say. */
  readFragment(): CandidateFragment | undefined {
    const hasNews = this.#late.length > 0 || (this.#isComplete && !this.#wasComplete);
    if (!this.#isDescribed || !hasNews || this.#iceUfrag === undefined || this.#icePwd === undefined) return undefined;
    return {
      iceUfrag: this.#iceUfrag,
      icePwd: this.#icePwd,
      sections: this.#readSections(),
      isComplete: this.#isComplete,
    };
  }

  #readSections(): readonly FragmentSection[] {
    const [first = '0'] = this.#kinds.keys();
    const mids = new Set(this.#late.map(({ mid }) => mid));
    // The end of candidates needs a section to stand in.
    if (mids.size === 0) mids.add(first);
    return [...mids].map((mid) => ({
      mid,
      kind: this.#kinds.get(mid) ?? 'audio',
      candidates: this.#late.filter((late) => late.mid === mid).map(({ candidate }) => candidate),
      isComplete: this.#isComplete,
    }));
  }
}

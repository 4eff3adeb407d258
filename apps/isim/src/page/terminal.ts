/**
 * The ME: stands between the WICs and the card, and asks the person (TS 33.203 X.2.3.1, X.2.3.3).
 *
 * A WIC gets an answer when the card is open and the person has let its origin use it; else its requests wait here.
 *
 * @module
 */
import { AkaNonceMalformed } from '@wicgate/aka';
import type { Card } from './card.ts';
import { CardLocked } from './errors.ts';
import type { Answer, Problem, Request } from './messages.ts';
import type { Profile } from './profile.ts';

export type Screen =
  | { readonly name: 'loading' | 'no profile' | 'blocked' | 'no storage' }
  | { readonly name: 'enter PIN'; readonly triesLeft: number }
  | { readonly name: 'consent'; readonly origin: string }
  | {
      readonly name: 'ready';
      readonly impi: string;
      readonly allowed: readonly string[];
      readonly isBusy: boolean;
      /** The person said no to this one. */
      readonly refused: string | undefined;
    };

/** A WIC that frames us: its origin is known and on the list. */
export interface Visitor {
  readonly origin: string;
  readonly answer: (id: number, answer: Answer) => void;
  readonly setAttention: (needed: boolean) => void;
}

interface Waiting {
  readonly visitor: Visitor;
  readonly request: Request;
  readonly atMs: number;
}

const maxWaiting = 8;
/** The WIC has given up by then: its challenge must not cost a sequence number. */
const maxWaitMs = 180_000;
/** Far more than any registration needs; a WIC that wants more only tries out what the card says. */
const maxChallenges = 30;
const challengesMs = 60_000;

export class Terminal {
  readonly #card: Card;
  readonly #show: (screen: Screen) => void;
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #visitor: Visitor | undefined;
  #refused: string | undefined;
  /** When the last challenges went to the card: of all WICs, until the page is loaded anew, which locks the card. */
  readonly #challengesAtMs: number[] = [];
  /** What runs now; one thing after another. */
  #work: Promise<void> = Promise.resolve();

  constructor(card: Card, show: (screen: Screen) => void, now: () => number = Date.now) {
    this.#card = card;
    this.#show = show;
    this.#now = now;
  }

  /** In place of the WIC before: a frame has one parent. */
  welcome(visitor: Visitor): void {
    this.#visitor = visitor;
    this.#waiting.length = 0;
    void this.refresh();
  }

  request(visitor: Visitor, request: Request): void {
    if (visitor !== this.#visitor) return;
    if (this.#waiting.length === maxWaiting) {
      visitor.answer(request.id, { kind: 'refused', problem: 'busy' });
      return;
    }
    this.#waiting.push({ visitor, request, atMs: this.#now() });
    void this.refresh();
  }

  /** Goes as far as it can without the person, and shows what is needed next. */
  refresh(): Promise<void> {
    return this.#run(async () => undefined);
  }

  install(profile: Profile, pin: string): Promise<void> {
    return this.#run(() => this.#card.install(profile, pin));
  }

  enterPin(pin: string): Promise<void> {
    return this.#run(async () => void (await this.#card.unlock(pin)));
  }

  /** The person's answer for the origin that asks. */
  decide(origin: string, isAllowed: boolean): Promise<void> {
    return this.#run(async () => {
      await this.#card.setAllowed(origin, isAllowed);
      this.#refused = isAllowed ? undefined : origin;
      if (!isAllowed) this.#refuseAll('not allowed');
    });
  }

  lock(): Promise<void> {
    return this.#run(async () => this.#card.lock());
  }

  remove(): Promise<void> {
    return this.#run(() => this.#card.remove());
  }

  #run(act: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      try {
        await act();
        await this.#proceed();
      } catch (error) {
        this.#onFault(error);
      }
    });
    return this.#work;
  }

  async #proceed(): Promise<void> {
    const status = await this.#card.status();
    if (status.kind === 'empty') return this.#display({ name: 'no profile' });
    if (status.kind === 'blocked') {
      this.#refuseAll('blocked');
      return this.#display({ name: 'blocked' });
    }
    if (status.kind === 'locked') return this.#display({ name: 'enter PIN', triesLeft: status.triesLeft });
    const allowed = await this.#card.allowedOrigins();
    const [next] = this.#waiting;
    if (next !== undefined && !allowed.includes(next.visitor.origin)) {
      return this.#display({ name: 'consent', origin: next.visitor.origin });
    }
    if (this.#waiting.length > 0) this.#display(this.#ready(allowed, true));
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) await this.#serve(one);
    this.#display(this.#ready(allowed, false));
  }

  async #serve({ visitor, request, atMs }: Waiting): Promise<void> {
    if (visitor !== this.#visitor) return;
    if (this.#now() - atMs > maxWaitMs) return visitor.answer(request.id, { kind: 'refused', problem: 'too late' });
    try {
      visitor.answer(request.id, await this.#execute(request));
    } catch (error) {
      const problem: Problem = error instanceof AkaNonceMalformed ? 'malformed' : 'storage';
      visitor.answer(request.id, { kind: 'refused', problem });
      if (!(error instanceof AkaNonceMalformed)) throw error;
    }
  }

  async #execute(request: Request): Promise<Answer> {
    const { identity } = this.#card;
    if (identity === undefined) throw new CardLocked();
    if (request.type === 'identify') return { kind: 'identity', ...identity };
    return this.#isTooMuch() ? { kind: 'refused', problem: 'busy' } : this.#card.authenticate(request.nonce);
  }

  /** Counts one more, unless there were too many of late. */
  #isTooMuch(): boolean {
    const recent = this.#challengesAtMs.filter((atMs) => this.#now() - atMs < challengesMs);
    const isTooMuch = recent.length >= maxChallenges;
    this.#challengesAtMs.splice(0, Infinity, ...recent, ...(isTooMuch ? [] : [this.#now()]));
    return isTooMuch;
  }

  #ready(allowed: readonly string[], isBusy: boolean): Screen {
    return { name: 'ready', impi: this.#card.identity?.impi ?? '', allowed, isBusy, refused: this.#refused };
  }

  #refuseAll(problem: Problem): void {
    for (const { visitor, request } of this.#waiting.splice(0)) {
      visitor.answer(request.id, { kind: 'refused', problem });
    }
  }

  #onFault(error: unknown): void {
    if (error instanceof CardLocked) {
      void this.refresh();
      return;
    }
    this.#refuseAll('storage');
    this.#display({ name: 'no storage' });
  }

  /** A person has to look while somebody waits for what only a person can do. */
  #display(screen: Screen): void {
    this.#show(screen);
    this.#visitor?.setAttention(screen.name !== 'ready' && screen.name !== 'loading');
  }
}

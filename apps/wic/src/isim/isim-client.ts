/**
 * The WIC's end of the conversation with the ISIM: asks, and waits as long as a person needs.
 *
 * @module
 */
import { type SimAnswer, type SimProblem, SimUnavailable } from '@wicgate/wic-sdk';
import { hello, type IsimAnswer, type IsimIdentity, readIsimMessage, version } from './isim-message.ts';

export interface IsimClientOptions {
  /** Posts to the window of the frame, to the origin of the ISIM and no other. */
  readonly post: (message: typeof hello, port: MessagePort) => void;
  /** Whether a person has to look at the frame. */
  readonly onAttention: (isNeeded: boolean) => void;
}

type Question = { readonly type: 'identify' } | { readonly type: 'authenticate'; readonly nonce: string };

interface Asked {
  readonly question: Question;
  readonly resolve: (answer: IsimAnswer) => void;
  readonly reject: (error: SimUnavailable) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const welcomeTimeoutMs = 10_000;
/** To identify, a person may have to find a file, choose a PIN and think; the network waits 4 minutes for a response. */
const answerTimeoutsMs = { identify: 1_800_000, authenticate: 170_000 } as const;
const maxAsked = 8;

const problems: ReadonlyMap<string, SimProblem> = new Map([
  ['no profile', 'no profile'],
  ['not allowed', 'not allowed'],
  ['blocked', 'blocked'],
  ['storage', 'storage'],
]);

export class IsimClient {
  readonly #options: IsimClientOptions;
  readonly #asked = new Map<number, Asked>();
  #port: MessagePort | undefined;
  #isWelcome = false;
  #welcomeTimer: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(options: IsimClientOptions) {
    this.#options = options;
  }

  /** The frame has loaded, or loaded again: what was asked before is asked once more. */
  frameLoaded(): void {
    this.#disconnect();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent) => this.#onMessage(data);
    this.#welcomeTimer = setTimeout(() => this.#failAll('not answering'), welcomeTimeoutMs);
    this.#options.post(hello, port2);
  }

  /** Who is on the SIM. Rejects with a SimUnavailable. */
  async identify(): Promise<IsimIdentity> {
    const answer = await this.#ask({ type: 'identify' });
    if (answer.kind !== 'identity') throw new SimUnavailable('not answering');
    return { impi: answer.impi, impu: answer.impu };
  }

  /** The answer to a challenge; for the credentials of the WIC. Rejects with a SimUnavailable. */
  readonly authenticate = async (nonce: string): Promise<SimAnswer> => {
    const answer = await this.#ask({ type: 'authenticate', nonce });
    if (answer.kind === 'identity' || answer.kind === 'refused') throw new SimUnavailable('not answering');
    return answer;
  };

  close(): void {
    this.#disconnect();
    this.#failAll('not answering');
  }

  async #ask(question: Question): Promise<IsimAnswer> {
    if (this.#asked.size === maxAsked) throw new SimUnavailable('not answering');
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = await new Promise<IsimAnswer>((resolve, reject) => {
      const giveUp = (): void => this.#settle(id)?.reject(new SimUnavailable('not answering'));
      const timer = setTimeout(giveUp, answerTimeoutsMs[question.type]);
      this.#asked.set(id, { question, resolve, reject, timer });
      if (this.#isWelcome) this.#send(id, question);
    });
    if (answer.kind === 'refused') throw new SimUnavailable(problems.get(answer.problem) ?? 'not answering');
    return answer;
  }

  #onMessage(data: unknown): void {
    const message = readIsimMessage(data);
    if (message === undefined) return;
    if (message.type === 'welcome') {
      clearTimeout(this.#welcomeTimer);
      this.#isWelcome = true;
      for (const [id, { question }] of this.#asked) this.#send(id, question);
    } else if (message.type === 'attention') this.#options.onAttention(message.needed);
    else this.#settle(message.id)?.resolve(message.answer);
  }

  #send(id: number, question: Question): void {
    this.#port?.postMessage({ version, id, ...question });
  }

  /** Takes it off the list. */
  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    clearTimeout(asked?.timer);
    return asked;
  }

  #failAll(problem: SimProblem): void {
    for (const id of [...this.#asked.keys()]) this.#settle(id)?.reject(new SimUnavailable(problem));
  }

  #disconnect(): void {
    clearTimeout(this.#welcomeTimer);
    this.#isWelcome = false;
    this.#port?.close();
    this.#port = undefined;
  }
}

/**
 * What the documents of one subscription say of our own contact (RFC 3680 5, TS 24.229 5.1.1.6, 5.1.1.7).
 *
 * Other contacts of the user are other browsers; one with our instance and another URI is a page that is gone, or one
 * that has taken our place: neither is news of us.
 *
 * @module
 */
import type * as ReginfoPackage from '@wicgate/reg-event';
import type { ContactEvent, Reginfo, ReginfoContact, ReginfoRegistration, ReginfoView } from '@wicgate/reg-event';
import { canonicalImpu, isSameUri, type Notification, SipError } from '@wicgate/sip';

/** What reads the documents; loaded when it is needed. */
export type ReginfoReader = Pick<
  typeof ReginfoPackage,
  'decodeReginfo' | 'reginfoContentType' | 'ReginfoError' | 'ReginfoView'
>;

export interface OwnContact {
  /** URI of this page, without angle brackets. */
  readonly uri: string;
  /** The URN in `+sip.instance`. */
  readonly instanceId: string;
}

/** Public identities, canonical. */
export interface WatchedIdentities {
  /** Our contact is registered with them. */
  readonly present: readonly string[];
  /** It was, and is no more. */
  readonly absent: readonly string[];
}

export interface ContactNews {
  /** What happened to our contact; undefined: nothing that was not known. */
  readonly event: ContactEvent | undefined;
  /** After `probation`. */
  readonly retryAfterSeconds: number | undefined;
  readonly identities: WatchedIdentities;
}

export interface Reading {
  readonly news: ContactNews | undefined;
  /** A document is missing or broken: a refresh brings the full state. */
  readonly isRefreshDue: boolean;
}

/** Where identities give different reasons, the gravest counts. */
const gravestFirst: readonly ContactEvent[] = ['rejected', 'deactivated', 'probation', 'unregistered', 'expired'];
const maxIdentities = 50;

/** Holds for one subscription; the next one starts anew. */
export class OwnRegistration {
  readonly #reader: ReginfoReader;
  readonly #own: OwnContact;
  readonly #view: ReginfoView;
  /** As the network writes it; undefined until it has been seen. */
  #uri: string | undefined;
  #lastEvent: ContactEvent | undefined;
  #absent: readonly string[] = [];
  #isRefreshAsked = false;

  constructor(reader: ReginfoReader, own: OwnContact) {
    this.#reader = reader;
    this.#own = own;
    this.#view = new reader.ReginfoView();
  }

  /** What is no document, or a broken one, is no news. */
  read({ contentType = '', body }: Pick<Notification, 'contentType' | 'body'>): Reading {
    const { decodeReginfo, reginfoContentType, ReginfoError } = this.#reader;
    if (contentType.split(';', 1)[0]?.trim().toLowerCase() !== reginfoContentType) return this.#passOver(false);
    try {
      return this.#take(decodeReginfo(body));
    } catch (error) {
      if (!(error instanceof ReginfoError)) throw error;
      return this.#passOver(true);
    }
  }

  #take(document: Reginfo): Reading {
    const outcome = this.#view.apply(document);
    if (outcome === 'outdated') return this.#passOver(false);
    this.#recognise();
    const { isRefreshDue } = this.#passOver(outcome === 'gap');
    if (outcome === 'applied') this.#isRefreshAsked = false;
    return { news: this.#createNews(document), isRefreshDue };
  }

  /** Asked once, until a document fits: one that never does would make us ask for ever. */
  #passOver(isRefreshDue: boolean): Reading {
    const isFirst = isRefreshDue && !this.#isRefreshAsked;
    if (isFirst) this.#isRefreshAsked = true;
    return { news: undefined, isRefreshDue: isFirst };
  }

  /** Where the network writes our contact in its own way, instance and flow tell which one it is. */
  #recognise(): void {
    const active = this.#view.registrations.flatMap(({ contacts }) => contacts);
    const known = active.find(({ uri }) => isSame(uri, this.#own.uri));
    const likely = this.#uri === undefined ? active.find((contact) => this.#hasOwnFlow(contact)) : undefined;
    this.#uri = known?.uri ?? likely?.uri ?? this.#uri;
  }

  #createNews(document: Reginfo): ContactNews {
    const registrations = this.#view.registrations.filter(({ contacts }) => contacts.some(this.#isOwn));
    const present = canonical(registrations);
    const left = new Set([...this.#absent, ...this.#leftIn(document)].filter((impu) => !present.includes(impu)));
    this.#absent = [...left].slice(-maxIdentities);
    const identities = { present, absent: this.#absent };
    const named = document.registrations.flatMap(({ contacts }) => contacts).filter(this.#isOwn);
    const told = present.length > 0 ? findActive(named) : this.#findGone(named);
    const isKnown = told?.event === 'shortened' && this.#lastEvent === 'shortened';
    this.#lastEvent = told?.event ?? this.#lastEvent;
    return {
      event: isKnown ? undefined : told?.event,
      retryAfterSeconds: told?.retryAfterSeconds,
      identities,
    };
  }

  /** Undefined where another page of this browser stands in our place: the connection tells of that. */
  #findGone(named: readonly ReginfoContact[]): ReginfoContact | undefined {
    const isReplaced = this.#view.registrations.some(({ contacts }) => contacts.some((each) => this.#hasOwnFlow(each)));
    if (isReplaced) return undefined;
    const gone = named.filter(({ state }) => state === 'terminated');
    return gravestFirst.map((event) => gone.find((contact) => contact.event === event)).find(isDefined);
  }

  /** Identities of `document` that our contact has left. */
  #leftIn({ registrations }: Reginfo): readonly string[] {
    const left = registrations.filter(
      ({ state, contacts }) =>
        state === 'terminated' || contacts.some((contact) => contact.state === 'terminated' && this.#isOwn(contact)),
    );
    return canonical(left);
  }

  readonly #isOwn = ({ uri }: ReginfoContact): boolean => isSame(uri, this.#uri ?? this.#own.uri);

  #hasOwnFlow({ unknownParams }: ReginfoContact): boolean {
    const instance = unknownParams.get('+sip.instance');
    return instance === `"<${this.#own.instanceId}>"` && unknownParams.get('reg-id') === '1';
  }
}

function findActive(named: readonly ReginfoContact[]): ReginfoContact | undefined {
  const active = named.filter(({ state }) => state === 'active');
  return active.find(({ event }) => event === 'shortened') ?? active[0];
}

function canonical(registrations: readonly ReginfoRegistration[]): readonly string[] {
  return registrations.slice(0, maxIdentities).flatMap(({ aor }) => readOr([], () => [canonicalImpu(aor)]));
}

function isSame(a: string, b: string): boolean {
  return readOr(false, () => isSameUri(a, b));
}

/** What the network writes may be no URI. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return otherwise;
  }
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

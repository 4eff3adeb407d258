/**
 * Reading `application/reginfo+xml` (RFC 3680 5.4, RFC 5628 5.4). What other namespaces add is passed over.
 *
 * @module
 */
import { ReginfoMalformed, ReginfoTooLarge } from './errors.ts';
import { readXml, type XmlElement } from './read-xml.ts';
import {
  type ContactEvent,
  contactEvents,
  gruuNamespace,
  type Reginfo,
  type ReginfoContact,
  type ReginfoRegistration,
  reginfoNamespace,
  type TempGruu,
} from './reginfo.ts';
import { defaultReginfoLimits, type ReginfoLimits } from './reginfo-limits.ts';

interface Platform {
  readonly TextDecoder: new (label: string, options: object) => { decode(octets: Uint8Array): string };
}

const { TextDecoder } = globalThis as unknown as Platform;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body of a NOTIFY, which is UTF-8. @throws {ReginfoMalformed} @throws {ReginfoTooLarge} */
export function decodeReginfo(octets: Uint8Array, limits: ReginfoLimits = defaultReginfoLimits): Reginfo {
  checkSize(octets.length, limits);
  let text: string;
  try {
    text = utf8.decode(octets);
  } catch {
    throw new ReginfoMalformed('UTF-8');
  }
  return parseReginfo(text, limits);
}

/** @throws {ReginfoMalformed} @throws {ReginfoTooLarge} */
export function parseReginfo(text: string, limits: ReginfoLimits = defaultReginfoLimits): Reginfo {
  checkSize(text.length, limits);
  const root = readXml(text, limits);
  if (!isNamed(root, 'reginfo')) throw new ReginfoMalformed('reginfo as root');
  return {
    version: readNumber(root, 'version') ?? missing('version'),
    state: readChoice(root, 'state', ['full', 'partial'] as const),
    registrations: root.children.filter((child) => isNamed(child, 'registration')).map(readRegistration),
  };
}

function checkSize(length: number, { octets }: ReginfoLimits): void {
  if (length > octets) throw new ReginfoTooLarge(`at most ${octets} octets`);
}

function readRegistration(element: XmlElement): ReginfoRegistration {
  return {
    aor: readText(element, 'aor'),
    id: readText(element, 'id'),
    state: readChoice(element, 'state', ['init', 'active', 'terminated'] as const),
    contacts: element.children.filter((child) => isNamed(child, 'contact')).map(readContact),
  };
}

function readContact(element: XmlElement): ReginfoContact {
  return {
    id: readText(element, 'id'),
    state: readChoice(element, 'state', ['active', 'terminated'] as const),
    event: readChoice<ContactEvent>(element, 'event', contactEvents),
    expiresSeconds: readNumber(element, 'expires'),
    retryAfterSeconds: readNumber(element, 'retry-after'),
    durationRegisteredSeconds: readNumber(element, 'duration-registered'),
    q: readQ(element),
    callId: element.attributes.get('callid'),
    cseq: readNumber(element, 'cseq'),
    uri: findChild(element, 'uri')?.text.trim() || missing('uri'),
    displayName: findChild(element, 'display-name')?.text,
    unknownParams: readUnknownParams(element),
    pubGruu: readPubGruu(element),
    tempGruu: readTempGruu(element),
  };
}

function readUnknownParams({ children }: XmlElement): ReadonlyMap<string, string> {
  const params = children.filter((child) => isNamed(child, 'unknown-param'));
  return new Map(params.map((param) => [readText(param, 'name'), param.text]));
}

function readPubGruu(element: XmlElement): string | undefined {
  const gruu = findChild(element, 'pub-gruu', gruuNamespace);
  return gruu && readText(gruu, 'uri');
}

function readTempGruu(element: XmlElement): TempGruu | undefined {
  const gruu = findChild(element, 'temp-gruu', gruuNamespace);
  if (gruu === undefined) return undefined;
  return { uri: readText(gruu, 'uri'), firstCseq: readNumber(gruu, 'first-cseq') ?? missing('first-cseq') };
}

function isNamed({ namespace, name }: XmlElement, wanted: string, wantedNamespace = reginfoNamespace): boolean {
  return name === wanted && namespace === wantedNamespace;
}

function findChild({ children }: XmlElement, name: string, namespace = reginfoNamespace): XmlElement | undefined {
  return children.find((child) => isNamed(child, name, namespace));
}

function readText({ attributes }: XmlElement, name: string): string {
  return attributes.get(name) || missing(name);
}

function readChoice<T extends string>({ attributes }: XmlElement, name: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === attributes.get(name));
  if (choice === undefined) throw new ReginfoMalformed(`${name} to be one of ${choices.join(', ')}`);
  return choice;
}

/** Undefined where it is not there. */
function readNumber({ attributes }: XmlElement, name: string): number | undefined {
  const text = attributes.get(name);
  if (text === undefined) return undefined;
  const number = /^\s*\+?\d{1,10}\s*$/u.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 0xffff_ffff)) throw new ReginfoMalformed(`${name} to be a number below 2 to the 32`);
  return number;
}

function readQ({ attributes }: XmlElement): number | undefined {
  const text = attributes.get('q');
  if (text === undefined) return undefined;
  const q = /^\s*\d{0,10}(?:\.\d{0,10})?\s*$/u.test(text) && /\d/u.test(text) ? Number(text) : Number.NaN;
  if (!(q <= 1)) throw new ReginfoMalformed('q to be a number from 0 to 1');
  return q;
}

function missing(name: string): never {
  throw new ReginfoMalformed(`${name} to be there`);
}

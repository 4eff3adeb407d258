/**
 * Writing `application/reginfo+xml` (RFC 3680 5.4, RFC 5628 5.4).
 *
 * @module
 */
import {
  gruuNamespace,
  type Reginfo,
  type ReginfoContact,
  type ReginfoRegistration,
  reginfoNamespace,
} from './reginfo.ts';

interface Platform {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
}

const { TextEncoder } = globalThis as unknown as Platform;
const utf8 = new TextEncoder();

type Attributes = readonly (readonly [name: string, value: string | number | undefined])[];

/** The body of a NOTIFY. */
export function encodeReginfo(reginfo: Reginfo): Uint8Array {
  return utf8.encode(formatReginfo(reginfo));
}

/** Characters that XML does not have become U+FFFD. */
export function formatReginfo({ version, state, registrations }: Reginfo): string {
  const contacts = registrations.flatMap((registration) => registration.contacts);
  const hasGruu = contacts.some(({ pubGruu, tempGruu }) => pubGruu !== undefined || tempGruu !== undefined);
  const attributes: Attributes = [
    ['xmlns', reginfoNamespace],
    ['xmlns:gr', hasGruu ? gruuNamespace : undefined],
    ['version', version],
    ['state', state],
  ];
  const root = formatElement('reginfo', attributes, registrations.map(formatRegistration));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function formatRegistration({ aor, id, state, contacts }: ReginfoRegistration): string {
  const attributes: Attributes = [
    ['aor', aor],
    ['id', id],
    ['state', state],
  ];
  return formatElement('registration', attributes, contacts.map(formatContact));
}

function formatContact(contact: ReginfoContact): string {
  const { displayName, unknownParams, pubGruu, tempGruu } = contact;
  const attributes: Attributes = [
    ['id', contact.id],
    ['state', contact.state],
    ['event', contact.event],
    ['expires', contact.expiresSeconds],
    ['retry-after', contact.retryAfterSeconds],
    ['duration-registered', contact.durationRegisteredSeconds],
    ['q', contact.q === undefined ? undefined : Math.round(contact.q * 1_000) / 1_000],
    ['callid', contact.callId],
    ['cseq', contact.cseq],
  ];
  const children = [formatElement('uri', [], [escapeText(contact.uri)])];
  if (displayName !== undefined) children.push(formatElement('display-name', [], [escapeText(displayName)]));
  for (const [name, value] of unknownParams) {
    children.push(formatElement('unknown-param', [['name', name]], [escapeText(value)]));
  }
  if (pubGruu !== undefined) children.push(formatElement('gr:pub-gruu', [['uri', pubGruu]], []));
  if (tempGruu !== undefined) children.push(formatElement('gr:temp-gruu', gruuAttributes(tempGruu), []));
  return formatElement('contact', attributes, children);
}

function gruuAttributes({ uri, firstCseq }: NonNullable<ReginfoContact['tempGruu']>): Attributes {
  return [
    ['uri', uri],
    ['first-cseq', firstCseq],
  ];
}

function formatElement(name: string, attributes: Attributes, children: readonly string[]): string {
  const written = attributes.map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escapeText(String(value))}"`,
  );
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** White space other than blanks would not come back from an attribute as it was. */
const special = /[&<>"\t\n\r]/gu;
const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 production 2. */
const noCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escapeText(text: string): string {
  const whole = text.replace(noCharacter, '\ufffd');
  return whole.replace(special, (character) => references[character] ?? `&#${character.charCodeAt(0)};`);
}

/**
 * The SIP domains that a certificate names (RFC 5922 7.1 and 7.2), out of its subject alternative name as Node writes it.
 *
 * @module
 */
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** One `type:value`; a value with a comma or a quote in it stands in quotes, as a JSON string. */
const entry = /(?:^|, )(?<type>[^:,"]+):(?<value>"(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/gy;
/** A SIP URI that names a domain, and not one of its users. */
const domainUri = /^sip:([a-z0-9.-]+)$/iu;

/**
 * In lower case: the domains of SIP URIs, else the DNS names. A text that is not understood to its end names nobody: a
 * quoted part could hide another name.
 */
export function readCertificateNames(subjectAltName: string | undefined): readonly string[] {
  const text = subjectAltName ?? '';
  const dnsNames: string[] = [];
  const domains: string[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of text.matchAll(entry)) {
    end = index + whole.length;
    const { type, value = '' } = groups ?? {};
    // No name needs quotes.
    if (type === 'DNS' && !value.startsWith('"')) dnsNames.push(value.toLowerCase());
    const [, domain] = type === 'URI' ? (domainUri.exec(value) ?? []) : [];
    if (domain !== undefined) domains.push(domain.toLowerCase());
  }
  if (end !== text.length) return [];
  return domains.length > 0 ? domains : dnsNames;
}

/**
 * Undefined where the certificate names `domain`, else what is wrong. Wildcards stand for nothing (RFC 5922 7.2), and a
 * common name counts for nothing either.
 */
export function checkDomain(domain: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(domain) !== 0) return checkServerIdentity(domain, certificate);
  if (readCertificateNames(certificate.subjectaltname).includes(domain.toLowerCase())) return undefined;
  return new Error('expected a certificate that names the domain');
}

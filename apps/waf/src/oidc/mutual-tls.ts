/**
 * Client authentication by certificate (RFC 8705 2.1), on the listener that asks for one.
 *
 * @module
 */
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

/** How oidc-provider asks for the certificate of a connection. Nothing that a proxy could say is believed. */
export const mutualTls: NonNullable<Configuration['features']>['mTLS'] = {
  enabled: true,
  tlsClientAuth: true,
  getCertificate: (ctx) => findCertificate(ctx),
  certificateAuthorized: (ctx) => ctx.socket instanceof TLSSocket && ctx.socket.authorized,
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_san_dns' && hasDnsName(findCertificate(ctx)?.subjectAltName, expected),
};

/** Whether a subjectAltName, as Node writes it, holds exactly this DNS name: no wildcard stands for it. */
export function hasDnsName(subjectAltName: string | undefined, expected: string): boolean {
  // Node quotes a name that holds a comma, so that it cannot pass for two; such a name is nobody's.
  if (subjectAltName === undefined || subjectAltName.includes('"')) return false;
  return subjectAltName.split(', ').includes(`DNS:${expected}`);
}

function findCertificate({ socket }: KoaContextWithOIDC): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

export { type Certificate, CertificateAuthority } from './certificate-authority.ts';

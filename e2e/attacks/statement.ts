/**
 * What only a trusted node may say: that a user is authenticated, and how (TS 33.203 annex U, TS 24.229 7.2A.2).
 *
 * @module
 */

/** Value of Authorization for `impi`; `params` are further ones, or others in place of those. */
export function vouching(impi: string, params: Readonly<Record<string, string>> = {}): string {
  const all = {
    'username': impi,
    'realm': 'ims.example',
    'uri': 'sip:ims.example',
    'nonce': '',
    'response': '',
    'integrity-protected': 'auth-done',
    ...params,
  };
  return `Digest ${Object.entries(all)
    .map(([name, value]) => (name === 'algorithm' ? `${name}=${value}` : `${name}="${value}"`))
    .join(',')}`;
}

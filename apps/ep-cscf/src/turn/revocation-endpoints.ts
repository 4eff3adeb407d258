/**
 * Where TURN servers take revocations: https, or http on this machine itself, for the operator's token goes there.
 *
 * @module
 */

const maxEndpoints = 32;

/** URLs separated by commas, each once; undefined where the text is something else. */
export function parseRevocationEndpoints(text: string): readonly string[] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > maxEndpoints || !parts.every(isEndpoint)) return undefined;
  return [...new Set(parts.map((part) => new URL(part).href))];
}

function isEndpoint(text: string): boolean {
  const { protocol, hostname = '', username, password, hash } = URL.parse(text) ?? {};
  if (username !== '' || password !== '' || hash !== '') return false;
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

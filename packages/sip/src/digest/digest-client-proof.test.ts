import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../messages/message.ts';
import { createClient, DigestPeer, requestOf, responseOf } from './testing/digest-peers.ts';

const codeOf = (code: string): object => expect.objectContaining({ code });

const register = requestOf('REGISTER');

describe('the proof of the server', () => {
  const exchange = (options = {}): { client: ReturnType<typeof createClient>; sent: SipRequest; info: string } => {
    const peer = new DigestPeer();
    const client = createClient(options);
    const sent = client.retry(register, peer.answer(register));
    return { client, sent, info: peer.answer(sent).headers.first('Authentication-Info') ?? '' };
  };
  const confirm = (info: string, options = {}, statusCode = 200): (() => void) => {
    const { client, sent } = exchange(options);
    return () => client.confirm(sent, responseOf(statusCode, info === '' ? [] : [['Authentication-Info', info]]));
  };
  const { info } = exchange();

  it('[RFC 7616 3.5] is taken, in each 2xx and on two lines', () => {
    expect(confirm(info)).not.toThrow();
    expect(confirm(info, { requireServerProof: true })).not.toThrow();
    const { client, sent } = exchange();
    const lines = info.split(/,(?=cnonce)/u).map((line) => ['Authentication-Info', line] as const);
    expect(lines).toHaveLength(2);
    expect(() => client.confirm(sent, responseOf(202, lines))).not.toThrow();
  });

  it.each([
    {
      fault: 'another digit',
      change: (text: string) => text.replace(/rspauth="(.)/u, (_, digit) => `rspauth="${digit === '0' ? '1' : '0'}`),
    },
    { fault: 'half of it', change: (text: string) => text.replace(/rspauth="[^"]{32}/u, 'rspauth="') },
    { fault: 'an empty one', change: (text: string) => text.replace(/rspauth="[^"]+/u, 'rspauth="') },
    { fault: 'another cnonce', change: (text: string) => text.replace(/cnonce="[^"]+/u, 'cnonce="0') },
    { fault: 'another count', change: (text: string) => text.replace('nc=00000001', 'nc=00000002') },
    { fault: 'another qop', change: (text: string) => text.replace('qop=auth', 'qop=auth-int') },
  ])('[RFC 7616 3.5] is refused: $fault', ({ change }) => {
    expect(change(info)).not.toBe(info);
    expect(confirm(change(info))).toThrow(codeOf('ERR_SIP_SERVER_NOT_AUTHENTICATED'));
  });

  it('[RFC 7616 3.5] may be missing, unless it is required of a 2xx', () => {
    expect(confirm('')).not.toThrow();
    expect(confirm('', { requireServerProof: true })).toThrow(codeOf('ERR_SIP_SERVER_NOT_AUTHENTICATED'));
    expect(confirm('', { requireServerProof: true }, 404)).not.toThrow();
    expect(confirm('', { requireServerProof: true }, 180)).not.toThrow();
  });

  it('[RFC 7616 3.5] is not required of proxies', () => {
    const client = createClient({ requireServerProof: true });
    const challenge = responseOf(407, [['Proxy-Authenticate', 'Digest realm="p",nonce="a"']]);
    const sent = client.retry(register, challenge);
    expect(() => client.confirm(sent, responseOf(200))).not.toThrow();
  });

  it('[RFC 7616 3.5] is refused with a parameter twice', () => {
    expect(confirm(`${info},qop=auth`)).toThrow(codeOf('ERR_SIP_HEADER_MALFORMED'));
  });

  it('[RFC 7616 3.5] is not looked at where nothing was to be proven', () => {
    const response = responseOf(200, [['Authentication-Info', 'nonsense']]);
    expect(() => createClient().confirm(register, response)).not.toThrow();
  });
});

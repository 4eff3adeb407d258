import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { parseDigestCredentials } from '../headers/authorization-digest.ts';
import { Headers } from '../headers/headers.ts';
import type { SipRequest } from '../messages/message.ts';
import { createClient, createRandom, DigestPeer, lifetimeMs, requestOf, responseOf } from './testing/digest-peers.ts';

const algorithms = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'];
const qops = ['auth', 'auth-int'] as const;

const countOf = (request: SipRequest): number | undefined =>
  parseDigestCredentials(request.headers.first('Authorization') ?? '').nonceCount;

describe('client and server', () => {
  const matrix = algorithms.flatMap((algorithm) =>
    qops.flatMap((qop) => [false, true].map((userhash) => ({ algorithm, qop, userhash }))),
  );

  it.each(matrix)('[RFC 7616 3] agree on $algorithm, $qop, userhash $userhash', ({ algorithm, qop, userhash }) => {
    const peer = new DigestPeer({ algorithms: [algorithm], qop: [qop], userhash });
    const client = createClient({ requireServerProof: true });
    const first = client.authorize(requestOf('MESSAGE', { body: encodeUtf8('hello') }));
    const challenge = peer.answer(first);
    expect(challenge.statusCode).toBe(401);

    const second = client.retry(first, challenge);
    expect(second.headers.first('CSeq')).toBe('2 MESSAGE');
    const answer = peer.answer(second, { body: encodeUtf8('welcome') });
    expect(answer.statusCode).toBe(200);
    client.confirm(second, answer);

    const third = client.authorize(requestOf('MESSAGE', { cseq: 3, body: encodeUtf8('again') }));
    expect(countOf(third)).toBe(2);
    const accepted = peer.answer(third);
    expect(accepted.statusCode).toBe(200);
    client.confirm(third, accepted);
  });

  it.each(['MD5', 'MD5-sess'])('[RFC 3261 22.4] agree without qop where the server allows it, %s', (algorithm) => {
    const peer = new DigestPeer({ algorithms: [algorithm], allowsNoQop: true });
    const client = createClient();
    const first = requestOf('REGISTER');
    const legacy = peer.server.challenge().map(([name, value]) => [name, value.replace('qop="auth"', 'x=y')] as const);
    const second = client.retry(first, responseOf(401, legacy));
    expect(second.headers.first('Authorization')).not.toMatch(/qop|nc=/u);
    expect(peer.judge(second)).toMatchObject({ kind: 'accepted' });
    // No count protects it from replay, so the nonce is used up.
    expect(peer.judge(second)).toEqual({ kind: 'stale', reason: 'nonce count' });
  });

  it('[RFC 8760 2.4] agree on the strongest of three algorithms, in whatever order they come', () => {
    const peer = new DigestPeer({ algorithms: ['MD5', 'SHA-512-256', 'SHA-256'] });
    const offered = peer.server.challenge();
    expect(offered.map(([, value]) => /algorithm=([^,]+)/u.exec(value)?.[1])).toEqual([
      'SHA-512-256',
      'SHA-256',
      'MD5',
    ]);
    for (const fields of [offered, offered.toReversed()]) {
      const request = createClient().retry(requestOf('REGISTER'), responseOf(401, fields));
      expect(request.headers.first('Authorization')).toContain('algorithm=SHA-512-256');
    }
  });

  it('[RFC 7616 3.3] go on without the user when the nonce has expired', () => {
    const peer = new DigestPeer();
    const client = createClient();
    const second = client.retry(requestOf('REGISTER'), peer.answer(requestOf('REGISTER')));
    client.confirm(second, peer.answer(second));
    peer.nowMs += lifetimeMs;
    const third = client.authorize(requestOf('REGISTER', { cseq: 3 }));
    const stale = peer.answer(third);
    expect(peer.last).toEqual({ kind: 'stale', reason: 'nonce expired' });
    expect(stale.headers.first('WWW-Authenticate')).toContain('stale=true');
    expect(peer.answer(client.retry(third, stale)).statusCode).toBe(200);
  });

  it('[RFC 7616 3.5] change to nextnonce, on demand and once half of the lifetime is over', () => {
    const peer = new DigestPeer();
    const client = createClient();
    const second = client.retry(requestOf('REGISTER'), peer.answer(requestOf('REGISTER')));
    client.confirm(second, peer.answer(second, { nextNonce: true }));
    const third = client.authorize(requestOf('REGISTER', { cseq: 3 }));
    expect(countOf(third)).toBe(1);
    peer.nowMs += lifetimeMs / 2;
    const renewal = peer.answer(third);
    expect(renewal.headers.first('Authentication-Info')).toContain('nextnonce=');
    client.confirm(third, renewal);
    // The same 2xx again, after the nonce has been used: nothing starts over (RFC 3261 13.2.2.4).
    const fourth = client.authorize(requestOf('REGISTER', { cseq: 4 }));
    client.confirm(third, renewal);
    const fifth = client.authorize(requestOf('REGISTER', { cseq: 5 }));
    expect([countOf(fourth), countOf(fifth)]).toEqual([1, 2]);
    peer.nowMs += lifetimeMs / 2;
    expect([peer.answer(fifth).statusCode, peer.answer(fourth).statusCode]).toEqual([200, 200]);
  });

  it('[RFC 3261 22.3] satisfy a proxy and a server of one name and of two', () => {
    const proxy = new DigestPeer({ asker: 'proxy', realm: 'ims.example' });
    const server = new DigestPeer({ realm: 'ims.example', random: createRandom(500) });
    const client = createClient();
    const first = client.authorize(requestOf('INVITE'));
    const second = client.retry(first, proxy.answer(first));
    expect(proxy.answer(second).statusCode).toBe(200);
    const third = client.retry(second, server.answer(second));
    expect(third.headers.first('CSeq')).toBe('3 INVITE');
    const [byProxy, byServer] = [proxy.answer(third), server.answer(third)];
    expect([byProxy.statusCode, byServer.statusCode]).toEqual([200, 200]);
    client.confirm(third, { ...byServer, headers: new Headers([...byServer.headers, ...byProxy.headers]) });
  });

  it('[RFC 3261 22.3] satisfy two proxies and a server that a fork asks about at once', () => {
    const peers = [
      new DigestPeer({ asker: 'proxy', realm: 'a.example' }),
      new DigestPeer({ asker: 'proxy', realm: 'b.example', random: createRandom(500) }),
      new DigestPeer({ realm: 'c.example', random: createRandom(700) }),
    ];
    const client = createClient();
    const fields = peers.flatMap(({ server }) => server.challenge());
    const request = client.retry(requestOf('INVITE'), responseOf(407, fields));
    expect(request.headers.count('Proxy-Authorization')).toBe(2);
    expect(request.headers.count('Authorization')).toBe(1);
    for (const peer of peers) expect(peer.answer(request).statusCode).toBe(200);
  });

  it.each(['Jäsøn Doe', 'マトリックス', String.raw`quo"te\back`, 'a:b', '', 'tab\there', 'control\u0001'])(
    '[RFC 7616 4] agree on the user name %j',
    (username) => {
      const user = { username, password: String.raw`pä"ß\w:ö` };
      for (const userhash of [false, true]) {
        const peer = new DigestPeer({ userhash }, [user]);
        const client = createClient({ findUser: () => user });
        const request = client.retry(requestOf('REGISTER'), peer.answer(requestOf('REGISTER')));
        expect(peer.answer(request).statusCode).toBe(200);
      }
    },
  );

  it.each(['a "quoted" \\ realm', 'Königreich', ''])('[RFC 7616 4] agree on the realm %j', (realm) => {
    const peer = new DigestPeer({ realm });
    const request = createClient().retry(requestOf('REGISTER'), peer.answer(requestOf('REGISTER')));
    expect(peer.answer(request).statusCode).toBe(200);
  });
});

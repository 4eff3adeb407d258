import { expect, it } from 'vitest';
import { refuseStreams } from './refuse-streams.ts';

const offer =
  'v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=mid:0\r\na=sendrecv\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n';

it('[RFC 3264 6] refuses each stream of the offer, in its order and under its name', () => {
  const lines = new TextDecoder().decode(refuseStreams(new TextEncoder().encode(offer))).split('\r\n');
  expect(lines.filter((line) => /^(?:m=|a=)/u.test(line))).toEqual([
    'm=audio 0 UDP/TLS/RTP/SAVPF 111 0',
    'a=mid:0',
    'm=video 0 UDP/TLS/RTP/SAVPF 96',
    'a=mid:1',
  ]);
  expect(lines.slice(0, 2)).toEqual(['v=0', 'o=- 1 1 IN IP4 127.0.0.1']);
});

it('[RFC 3264 5] without an offer there is a description without streams', () => {
  expect(new TextDecoder().decode(refuseStreams(undefined))).not.toContain('m=');
});

import { expect, it } from 'vitest';
import { readTurnUri } from './turn-uri.ts';

it.each([
  { uri: 'turn:turn.example', server: 'turn.example', transport: 'UDP' },
  { uri: 'turn:turn.example:3478?transport=udp', server: 'turn.example:3478', transport: 'UDP' },
  { uri: 'turn:turn.example:80?transport=tcp', server: 'turn.example:80', transport: 'TCP' },
  { uri: 'TURNS:turn.example:443?transport=TCP', server: 'turn.example:443', transport: 'TLS' },
  { uri: 'turns:[2001:db8::1]:5349', server: '[2001:db8::1]:5349', transport: 'TLS' },
  { uri: 'nonsense', server: undefined, transport: 'UDP' },
])('[RFC 7065 3.1] $uri', ({ uri, server, transport }) => {
  expect(readTurnUri(uri)).toEqual({ server, transport });
});

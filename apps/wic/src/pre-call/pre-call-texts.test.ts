import { preCallDone, preCallIdle } from '@wicgate/wic-react/testing';
import { describe, expect, it } from 'vitest';
import { describeResults } from './describe-results.ts';
import { cameraText, microphoneText, speakerText } from './device-text.ts';
import { loopbackText, relayText, signallingText } from './network-text.ts';

const { microphone, speaker, camera, signalling, loopback } = preCallIdle;
const [relay] = preCallIdle.relays;
if (relay === undefined) throw new TypeError('expected a relay');
const measured = { roundTripMs: 90, jitterMs: 4, lossPercent: 9.4, bitrateKbps: undefined };

describe('the words of the connection test', () => {
  it.each([
    { text: microphoneText({ ...microphone, status: 'failed', problem: 'not allowed' }), says: /address bar/u },
    { text: microphoneText({ ...microphone, status: 'failed', problem: 'none' }), says: /Plug one in/u },
    { text: microphoneText({ ...microphone, status: 'poor', problem: 'silent' }), says: /^Silent: .*not muted/u },
    { text: microphoneText({ ...microphone, status: 'skipped', problem: 'not measured' }), says: /is on, but/u },
    { text: microphoneText({ ...microphone, status: 'good' }), says: /^We hear you\.$/u },
    { text: speakerText({ ...speaker, status: 'failed', problem: 'not heard' }), says: /volume/u },
    { text: speakerText({ ...speaker, status: 'failed', problem: 'cannot play' }), says: /plugged in/u },
    { text: cameraText({ ...camera, status: 'skipped', problem: 'none' }), says: /^No camera\. That is fine/u },
    { text: cameraText({ ...camera, status: 'failed', problem: 'in use' }), says: /other programs.*Voice calls/u },
    { text: signallingText({ ...signalling, status: 'failed', problem: 'no answer' }), says: /internet connection/u },
    { text: relayText({ ...relay, status: 'failed', problem: 'refused' }, true), says: /Sign out and in again/u },
    { text: relayText({ ...relay, status: 'failed', problem: 'unreachable' }, true), says: /firewall.*another way/u },
    { text: relayText({ ...relay, status: 'failed', problem: 'unreachable' }, false), says: /firewall.*is down\.$/u },
    { text: relayText({ ...relay, status: 'failed', problem: 'full' }, false), says: /few minutes/u },
    {
      text: loopbackText({ ...loopback, status: 'good', grade: 'good', measured }),
      says: /^Calls will sound good\.$/u,
    },
    {
      text: loopbackText({ ...loopback, status: 'poor', grade: 'poor', measured }),
      says: /9\.4 % of the sound is lost/u,
    },
    { text: loopbackText({ ...loopback, status: 'failed', problem: 'not connected' }), says: /another network/u },
    {
      text: loopbackText({ ...loopback, status: 'failed', problem: 'nothing came through' }),
      says: /none comes back/u,
    },
  ])('[WIC] $text', ({ text, says }) => {
    expect(text).toMatch(says);
  });

  it('[WIC] what is copied names addresses and numbers', () => {
    const text = describeResults(preCallDone, 'A browser', 0);
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Connection test: 1970-01-01T00:00:00.000Z',
      'Browser: A browser',
      'Ready for calls',
    ]);
    expect(text).toContain('  Gateway: wss://ep-cscf.ims.example/');
    expect(text).toContain('  Loss: 0.2 %');
    expect(text).toContain('Relay over TLS: good. Works.');
  });
});

import { createResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { goodStats, PreCallStage, turnUris } from '../testing/pre-call-stage.ts';

let stage: PreCallStage;

describe('signalling', () => {
  it('[X.5.2.2-4] [WIC 15] asks with OPTIONS, and relays are tried with the credential that comes back', async () => {
    stage = await PreCallStage.open();
    stage.world.gateway.onRequest = ({ request, respond }) => {
      if (request.method !== 'OPTIONS') return false;
      expect(request.headers.first('3gpp-ext-turn-cred')).toBe('request');
      const headers = [['3gpp-ext-turn-cred', 'fresh1:1800007200:bmV3'] as const];
      stage.world.clock.after(120, () => respond(createResponse(request, 200, { toTag: 'x', headers })));
      return true;
    };
    const used = new Set<string | undefined>();
    stage.test.subscribe(() => {
      for (const { configuration } of stage.world.ice.connections) used.add(configuration.iceServers?.[0]?.username);
    });
    const { signalling } = await stage.runAll();
    expect(signalling).toMatchObject({ status: 'good', roundTripMs: 120, gateway: 'wss://gateway.example/' });
    expect([...used]).toEqual(['fresh1:1800007200']);
  });

  it('[X.5.2.2-5] [WIC 15] a refusal is an answer too: the credential of the registration serves', async () => {
    stage = await PreCallStage.open();
    const done = await stage.runAll();
    expect(done.signalling.status).toBe('good');
    expect(done.relays[0]?.status).toBe('good');
  });

  it('[WIC] waits 5 s for an answer, no longer; slow is poor', async () => {
    stage = await PreCallStage.open();
    stage.world.gateway.onRequest = ({ request }) => request.method === 'OPTIONS';
    const { signalling, verdict } = await stage.runAll();
    expect(signalling).toMatchObject({ status: 'failed', problem: 'no answer' });
    expect(verdict).toEqual({ kind: 'not ready', concerns: ['no signalling'] });
    stage.world.gateway.onRequest = ({ request, respond }) => {
      if (request.method === 'OPTIONS') stage.world.clock.after(1_500, () => respond(createResponse(request, 200)));
      return request.method === 'OPTIONS';
    };
    expect((await stage.runAll()).signalling).toMatchObject({ status: 'poor', roundTripMs: 1_500 });
  });

  it('[WIC] without a registration there is none, and no credential', async () => {
    stage = await PreCallStage.open();
    await Promise.all([stage.wic.deregister(), stage.advance(3_000)]);
    const { signalling, relays, loopback, verdict } = await stage.runAll();
    expect(signalling).toMatchObject({ status: 'failed', problem: 'not registered' });
    expect(relays.map(({ problem }) => problem)).toEqual(Array(3).fill('no credential'));
    expect(loopback).toMatchObject({ status: 'failed', problem: 'no relay' });
    expect(verdict?.concerns).toEqual(['no signalling']);
  });
});

describe('relays', () => {
  it.each([
    { behaviour: 401, problem: 'refused' },
    { behaviour: 486, problem: 'full' },
    { behaviour: 508, problem: 'full' },
    { behaviour: 701, problem: 'unreachable' },
    { behaviour: 'silent', problem: 'unreachable' },
  ] as const)('[RFC 8656 7.2] over TLS $behaviour: $problem, while the others work', async ({ behaviour, problem }) => {
    stage = await PreCallStage.open();
    stage.world.ice.servers.set(turnUris.tls, behaviour);
    const { relays, loopback, verdict } = await stage.runAll();
    expect(relays.map(({ status }) => status)).toEqual(['good', 'good', 'failed']);
    expect(relays[2]).toMatchObject({ problem, errorCode: behaviour === 'silent' ? undefined : behaviour });
    expect(loopback.status).toBe('good');
    expect(verdict).toEqual({ kind: 'limited', concerns: ['relay partly blocked'] });
  });

  it('[W.3.5] without UDP the loopback takes TCP', async () => {
    stage = await PreCallStage.open();
    stage.world.ice.servers.set(turnUris.udp, 'silent');
    const { loopback, verdict } = await stage.runAll();
    expect(loopback.relay?.transport).toBe('TCP');
    expect(verdict?.concerns).toEqual(['relay without UDP']);
  });

  it('[WIC] a server that stays silent is waited for 8 s', async () => {
    stage = await PreCallStage.open({ turnUris: [turnUris.udp] });
    stage.world.ice.servers.set(turnUris.udp, 'silent');
    stage.test.start();
    await stage.advance(8_100);
    expect(stage.now.relays[0]?.status).toBe('running');
    await stage.advance(200);
    expect(stage.now.relays[0]).toMatchObject({ status: 'failed', problem: 'unreachable' });
  });

  it.each([
    { policy: 'all', kind: 'limited' },
    { policy: 'relay', kind: 'not ready' },
  ] as const)('[RFC 8828 5.2] none to be had: $kind where the policy is $policy', async ({ policy, kind }) => {
    stage = await PreCallStage.open({ iceTransportPolicy: policy });
    for (const uri of Object.values(turnUris)) stage.world.ice.servers.set(uri, 701);
    expect((await stage.runAll()).verdict).toEqual({ kind, concerns: ['no relay'] });
  });

  it('[WIC] none configured: nothing to test, and a concern', async () => {
    stage = await PreCallStage.open({ turnUris: [] });
    const { relays, loopback, verdict } = await stage.runAll();
    expect(relays).toEqual([]);
    expect(loopback).toMatchObject({ status: 'skipped', problem: 'no relay' });
    expect(verdict).toEqual({ kind: 'limited', concerns: ['no relay offered'] });
  });

  it('[RFC 7065 3.1] a URI that the browser does not understand fails alone', async () => {
    class Picky {
      constructor() {
        throw new DOMException('no URI', 'SyntaxError');
      }
    }
    stage = await PreCallStage.open({
      turnUris: [turnUris.udp],
      platform: { RTCPeerConnection: Picky as unknown as typeof RTCPeerConnection },
    });
    const { relays, loopback } = await stage.runAll();
    expect(relays[0]).toMatchObject({ status: 'failed', problem: 'malformed' });
    expect(loopback.problem).toBe('no relay');
  });
});

describe('the loopback', () => {
  it('[WIC] that does not connect within 10 s has failed', async () => {
    stage = await PreCallStage.open();
    stage.world.ice.isBlocked = true;
    stage.test.start();
    await stage.advance(1_000);
    stage.test.answerTone(true);
    await stage.advance(30_000);
    expect(stage.now.loopback).toMatchObject({ status: 'failed', problem: 'not connected' });
    expect(stage.now.verdict?.concerns).toEqual(['loopback failed']);
    expect(stage.world.ice.connections.size).toBe(0);
  });

  it('[WIC] through which nothing comes has failed', async () => {
    stage = await PreCallStage.open();
    stage.world.ice.stats = goodStats.slice(0, 2);
    expect((await stage.runAll()).loopback).toMatchObject({ status: 'failed', problem: 'nothing came through' });
  });

  it('[G.109] that is lossy is poor, and a concern', async () => {
    stage = await PreCallStage.open();
    stage.world.ice.stats = goodStats.map((entry) => (entry.id === 'I' ? { ...entry, packetsLost: 40 } : entry));
    const { loopback, verdict } = await stage.runAll();
    expect(loopback).toMatchObject({ status: 'poor', grade: 'poor' });
    expect(verdict).toEqual({ kind: 'limited', concerns: ['poor quality'] });
  });
});

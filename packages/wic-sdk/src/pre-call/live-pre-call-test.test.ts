import { describe, expect, it } from 'vitest';
import { PreCallStage } from '../testing/pre-call-stage.ts';
import { lastCall } from '../testing.ts';

let stage: PreCallStage;
/** In the order of the steps. */
const speakerAt = 1;

/** Timers that wait when transactions are over. */
async function timersAtRest(): Promise<number> {
  await stage.advance(100_000);
  return stage.world.clock.pending;
}

function expectNothingOpen(): void {
  expect(stage.live).toEqual([]);
  expect(stage.world.ice.connections.size).toBe(0);
  expect(stage.test.microphoneLevel.getSnapshot()).toBe(0);
}

describe('the test before a call', () => {
  it('[WIC] goes through its steps one after the other while the person listens, and finds all well', async () => {
    stage = await PreCallStage.open();
    expect(stage.statuses).toEqual(Array(8).fill('waiting'));
    const seen: number[] = [];
    stage.test.subscribe(() => {
      const running = stage.statuses.flatMap((status, at) => (status === 'running' && at !== speakerAt ? [at] : []));
      expect(running.length).toBeLessThanOrEqual(1);
      if (running.length > 0 && seen.at(-1) !== running[0]) seen.push(...running);
    });
    stage.test.start();
    await stage.advance(30_000);
    expect(stage.statuses).toEqual(Array(8).fill('good').with(speakerAt, 'running'));
    expect(stage.now).toMatchObject({ status: 'running', verdict: undefined });
    stage.test.answerTone(true);
    await stage.world.clock.settle();
    const done = stage.now;
    expect(done.status).toBe('done');
    expect(seen).toEqual([0, 2, 3, 4, 5, 6, 7]);
    expect(stage.statuses).toEqual(Array(8).fill('good'));
    expect(done.verdict).toEqual({ kind: 'ready', concerns: [] });
    expect(done.microphone).toMatchObject({ name: 'Microphone', devices: [{ id: 'Microphone', name: 'Microphone' }] });
    expect(done.camera).toMatchObject({ name: 'Camera', width: 640, height: 480, picture: undefined });
    expect(done.relays.map(({ relay }) => relay.transport)).toEqual(['UDP', 'TCP', 'TLS']);
    expect(done.loopback).toMatchObject({
      grade: 'good',
      relay: { server: 'turn.example:3478', transport: 'UDP' },
      measured: { roundTripMs: 40, lossPercent: 0 },
    });
  });

  it('[WIC] leaves nothing open when it is done', async () => {
    stage = await PreCallStage.open();
    const timers = await timersAtRest();
    await stage.runAll();
    expectNothingOpen();
    stage.test.stop();
    expect(stage.now.status).toBe('idle');
    expect(await timersAtRest()).toBe(timers);
  });

  it.each([
    { ms: 0, running: [0] },
    { ms: 210, running: [speakerAt, 4] },
    { ms: 370, running: [speakerAt, 6] },
    { ms: 3_000, running: [speakerAt, 7] },
    { ms: 9_000, running: [speakerAt] },
  ])('[WIC] stopped after $ms ms it leaves nothing open', async ({ ms, running }) => {
    stage = await PreCallStage.open();
    stage.world.ice.gathering = [80];
    const timers = await timersAtRest();
    stage.test.start();
    await stage.advance(ms);
    expect(stage.statuses.flatMap((status, at) => (status === 'running' ? [at] : []))).toEqual(running);
    stage.test.stop();
    await stage.world.clock.settle();
    expect(stage.statuses).toEqual(Array(8).fill('waiting'));
    expectNothingOpen();
    expect(await timersAtRest()).toBe(timers);
    expect(stage.now.status).toBe('idle');
  });

  it('[WIC] a device that is allowed after the test was stopped goes off at once', async () => {
    stage = await PreCallStage.open();
    const allowed = Promise.withResolvers<void>();
    stage.browser.devices.decision = allowed.promise;
    stage.test.start();
    stage.test.stop();
    allowed.resolve();
    await stage.world.clock.settle();
    expect(stage.browser.devices.opened).toHaveLength(1);
    expect(stage.live).toEqual([]);
  });

  it('[WIC] never runs twice at a time, and runs again when it is done', async () => {
    stage = await PreCallStage.open();
    stage.test.start();
    stage.test.start();
    await stage.advance(1_000);
    // One for the loopback.
    expect(stage.live.map(({ label }) => label)).toEqual(['Microphone', 'Microphone', 'Camera']);
    stage.test.stop();
    await stage.runAll();
    const again = await stage.runAll();
    expect(again.verdict?.kind).toBe('ready');
  });

  it('[WIC] is not begun during a call, and gives way to one that comes in', async () => {
    stage = await PreCallStage.open();
    const { wic: bob } = await stage.world.register('bob');
    const call = stage.wic.call('bob', { video: false });
    await stage.advance(300);
    const before = stage.browser.devices.opened.length;
    stage.test.start();
    await stage.advance(1_000);
    expect(stage.now.status).toBe('in call');
    expect(stage.browser.devices.opened).toHaveLength(before);
    call.hangUp();
    await stage.advance(10_000);
    expect(stage.now.status).toBe('idle');

    stage.test.start();
    await stage.advance(1_000);
    expect(stage.live).toHaveLength(3);
    bob.call('alice', { video: false });
    await stage.advance(300);
    expect(stage.now.status).toBe('in call');
    expect(stage.live).toEqual([]);
    expect(lastCall(stage.wic).getSnapshot().status).toBe('incoming');
  });

  it('[WIC] that is done keeps its results when a call comes in, and opens nothing beside it', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.microphones = ['Headset', 'Webcam'];
    const { wic: bob } = await stage.world.register('bob');
    await stage.runAll();
    stage.test.playTone();
    bob.call('alice', { video: false });
    await stage.advance(300);
    expect(stage.now).toMatchObject({ status: 'done', speaker: { isPlaying: false }, verdict: { kind: 'ready' } });
    const { played, opened } = stage.browser.devices;
    const before = [played.length, opened.length];
    stage.test.playTone();
    stage.test.chooseMicrophone('Webcam');
    await stage.advance(1_000);
    expect([played.length, opened.length]).toEqual(before);
    expect(stage.live).toEqual([]);
  });

  it('[WIC] a microphone that is tried after the test goes off for a call', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.microphones = ['Headset', 'Webcam'];
    const { wic: bob } = await stage.world.register('bob');
    await stage.runAll();
    stage.browser.devices.level = 0;
    stage.test.chooseMicrophone('Webcam');
    await stage.advance(1_000);
    expect(stage.live).toHaveLength(1);
    bob.call('alice', { video: false });
    await stage.advance(300);
    expect(stage.now.status).toBe('in call');
    expect(stage.live).toEqual([]);
  });

  it('[WIC] is over when the WIC is closed', async () => {
    stage = await PreCallStage.open();
    stage.test.start();
    await stage.advance(1_000);
    stage.wic.close();
    expect(stage.live).toEqual([]);
    expect(stage.now.status).toBe('idle');
  });
});

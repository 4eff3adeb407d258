import { describe, expect, it } from 'vitest';
import { PreCallStage, turnUris } from '../testing/pre-call-stage.ts';

let stage: PreCallStage;

describe('the microphone', () => {
  it.each([
    { fault: 'NotAllowedError', problem: 'not allowed' },
    { fault: 'NotFoundError', problem: 'none' },
    { fault: 'NotReadableError', problem: 'in use' },
    { fault: 'NotSupportedError', problem: 'not supported' },
  ])('[W3C mediacapture-streams 10.3] $fault: $problem, and calls will not work', async ({ fault, problem }) => {
    stage = await PreCallStage.open();
    stage.browser.devices.microphoneFault = fault;
    const { microphone, verdict, loopback } = await stage.runAll();
    expect(microphone).toMatchObject({ status: 'failed', problem });
    expect(verdict).toEqual({ kind: 'not ready', concerns: ['no microphone'] });
    // A tone goes through the relay instead.
    expect(loopback.status).toBe('good');
    expect(stage.live).toEqual([]);
  });

  it('[WIC] does not wait for ever for the person to allow it', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.decision = Promise.withResolvers<void>().promise;
    stage.test.start();
    await stage.advance(61_000);
    expect(stage.now.microphone).toMatchObject({ status: 'failed', problem: 'no answer' });
    expect(stage.now.speaker.status).toBe('running');
  });

  it('[WIC] is silent after 8 s without a sound, and well as soon as there is one', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.level = 0.001;
    stage.test.start();
    await stage.advance(7_900);
    expect(stage.now.microphone.status).toBe('running');
    await stage.advance(200);
    expect(stage.now.microphone).toMatchObject({ status: 'poor', problem: 'silent' });
    expect(stage.test.microphoneLevel.getSnapshot()).toBe(0.001);
    stage.browser.devices.level = 0.2;
    await stage.advance(300);
    expect(stage.now.microphone).toMatchObject({ status: 'good', problem: undefined });
  });

  it('[WIC] that stays silent is a concern', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.level = 0;
    expect((await stage.runAll()).verdict).toEqual({ kind: 'limited', concerns: ['silent microphone'] });
  });

  it('[WIC] that the browser cannot measure is no concern, and holds nothing up', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.isUnmeasurable = true;
    const { microphone, loopback, verdict } = await stage.runAll();
    expect(microphone).toMatchObject({ status: 'skipped', problem: 'not measured', name: 'Microphone' });
    expect(loopback.status).toBe('good');
    expect(verdict?.kind).toBe('ready');
    expect(stage.live).toEqual([]);
  });

  it('[WIC] may be another one, during the test and after it', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.microphones = ['Headset', 'Webcam'];
    const done = await stage.runAll();
    expect(done.microphone).toMatchObject({ chosen: 'Headset', name: 'Headset' });
    stage.test.chooseMicrophone('Webcam');
    await stage.advance(50);
    expect(stage.live.map(({ label }) => label)).toEqual(['Webcam']);
    await stage.advance(1_000);
    expect(stage.now).toMatchObject({
      status: 'done',
      microphone: { status: 'good', name: 'Webcam', chosen: 'Webcam' },
    });
    expect(stage.live).toEqual([]);
  });

  it('[WIC] chosen anew when the rest is nearly done is heard out; of two choices the last one counts', async () => {
    stage = await PreCallStage.open({ turnUris: [turnUris.udp] });
    stage.browser.devices.microphones = ['Headset', 'Webcam', 'Desk'];
    stage.test.start();
    await stage.advance(1_000);
    stage.test.answerTone(true);
    await stage.advance(4_000);
    expect(stage.now.loopback.status).toBe('running');
    stage.browser.devices.level = 0;
    stage.test.chooseMicrophone('Webcam');
    await stage.advance(100);
    // The loopback goes on with what it has begun with.
    expect(stage.live.map(({ label }) => label)).toEqual(['Headset', 'Camera', 'Webcam']);
    await stage.advance(4_900);
    expect(stage.now).toMatchObject({
      status: 'running',
      loopback: { status: 'good' },
      microphone: { status: 'running' },
    });
    await stage.advance(5_000);
    expect(stage.now).toMatchObject({ status: 'done', microphone: { status: 'poor', problem: 'silent' } });

    stage.browser.devices.level = 0.2;
    stage.test.chooseMicrophone('Headset');
    stage.test.chooseMicrophone('Desk');
    await stage.advance(1_000);
    expect(stage.now.microphone).toMatchObject({ status: 'good', name: 'Desk' });
    expect(stage.now.verdict?.kind).toBe('ready');
    expect(stage.live).toEqual([]);
  });

  it('[WIC] that is unplugged has failed', async () => {
    stage = await PreCallStage.open();
    stage.test.start();
    await stage.advance(1_000);
    stage.live[0]?.unplug();
    expect(stage.now.microphone).toMatchObject({ status: 'failed', problem: 'unplugged' });
  });
});

describe('the loudspeaker', () => {
  it('[WIC] plays the tone on the one that was chosen, and is well once the person has heard it', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.speakers = ['Built-in', 'Headset'];
    stage.test.start();
    await stage.advance(1_000);
    expect(stage.now.speaker.devices.map(({ name }) => name)).toEqual(['Built-in', 'Headset']);
    stage.test.playTone();
    expect(stage.now.speaker.isPlaying).toBe(true);
    await stage.advance(2_000);
    expect(stage.now.speaker).toMatchObject({ status: 'running', isPlaying: false, wasPlayed: true });
    stage.test.chooseSpeaker('Headset');
    stage.test.playTone();
    stage.test.answerTone(true);
    expect(stage.now.speaker.status).toBe('good');
    expect(stage.browser.devices.played).toEqual(['', 'Headset']);
  });

  it('[WIC] not heard is a concern, until it is heard after all', async () => {
    stage = await PreCallStage.open();
    const done = await stage.runAll(false);
    expect(done.speaker).toMatchObject({ status: 'failed', problem: 'not heard' });
    expect(done.verdict).toEqual({ kind: 'limited', concerns: ['speaker not heard'] });
    stage.test.playTone();
    stage.test.answerTone(true);
    expect(stage.now.verdict?.kind).toBe('ready');
  });

  it('[WIC] is skipped when the person wants that, or says nothing for a minute', async () => {
    stage = await PreCallStage.open();
    stage.test.start();
    await stage.advance(1_000);
    stage.test.skipTone();
    await stage.world.clock.settle();
    expect(stage.now.speaker).toMatchObject({ status: 'skipped', problem: 'no answer' });
    stage.test.stop();
    stage.test.start();
    await stage.advance(59_000);
    expect(stage.now.speaker.status).toBe('running');
    await stage.advance(3_000);
    expect(stage.now.speaker.status).toBe('skipped');
    await stage.advance(30_000);
    expect(stage.now.verdict?.kind).toBe('ready');
  });

  it('[WIC] that cannot play has failed', async () => {
    stage = await PreCallStage.open();
    stage.browser.devices.isMute = true;
    stage.test.start();
    await stage.advance(1_000);
    stage.test.playTone();
    await stage.world.clock.settle();
    expect(stage.now.speaker).toMatchObject({ status: 'failed', problem: 'cannot play', isPlaying: false });
    await stage.advance(10_000);
    expect(stage.now).toMatchObject({ status: 'done', verdict: { concerns: ['speaker not heard'] } });

    stage.browser.devices.isMute = false;
    stage.test.playTone();
    await stage.advance(3_000);
    expect(stage.now.speaker).toMatchObject({ status: 'skipped', problem: 'no answer', wasPlayed: true });
    expect(stage.now.verdict?.kind).toBe('ready');
    stage.test.answerTone(true);
    expect(stage.now.speaker).toMatchObject({ status: 'good', problem: undefined });
  });
});

describe('the camera', () => {
  it.each([
    { fault: 'NotFoundError', status: 'skipped', problem: 'none', kind: 'ready' },
    { fault: 'NotAllowedError', status: 'failed', problem: 'not allowed', kind: 'limited' },
    { fault: 'NotReadableError', status: 'failed', problem: 'in use', kind: 'limited' },
  ])('[W3C mediacapture-streams 10.3] $fault: $status', async ({ fault, status, problem, kind }) => {
    stage = await PreCallStage.open();
    stage.browser.devices.cameraFault = fault;
    const { camera, verdict } = await stage.runAll();
    expect(camera).toMatchObject({ status, problem });
    expect(verdict?.kind).toBe(kind);
  });

  it('[WIC] shows its picture until the test is done', async () => {
    stage = await PreCallStage.open();
    stage.test.start();
    await stage.advance(1_000);
    stage.test.answerTone(true);
    await stage.advance(1_000);
    expect(stage.now.camera.picture?.getVideoTracks()).toHaveLength(1);
    await stage.advance(60_000);
    expect(stage.now.camera.picture).toBeUndefined();
  });
});

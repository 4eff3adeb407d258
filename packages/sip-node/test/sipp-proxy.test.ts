/**
 * SIPp calls SIPp through a proxy of this stack, `examples/proxy.ts`: forks, their CANCELs and their best response.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { type RunningExample, startExample } from './example-process.ts';
import { findFreePort } from './free-port.ts';
import { hasSipp, type SippRun, startSipp } from './sipp-process.ts';

const suffix = hasSipp ? '' : ' (skipped: /usr/bin/sipp is missing)';
type Transport = 'UDP' | 'TCP';

interface RunningProxy extends RunningExample {
  readonly port: number;
}

/** Forks to those who wait at `targets`, by their q. */
async function startProxy(transport: Transport, targets: readonly [SippRun, q?: string][]): Promise<RunningProxy> {
  const port = await findFreePort();
  const contacts = targets.map(([{ port: target }, q = '1']) => {
    return `<sip:service@127.0.0.1:${target};transport=${transport.toLowerCase()}>;q=${q}`;
  });
  const proxy = startExample('proxy', String(port), ...contacts);
  await proxy.lines.when((line) => line.startsWith('proxy at'));
  return { ...proxy, port };
}

/** How often the proxy said each thing. */
function tallyOf({ lines }: RunningProxy): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of lines.all.slice(1)) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

describe.skipIf(!hasSipp).each(['UDP', 'TCP'] as const)(
  `SIPp calls through our proxy over %s${suffix}`,
  (transport) => {
    const start = (scenario: string, ...args: readonly string[]): Promise<SippRun> =>
      startSipp({ scenario, transport, args });

    it(`[RFC 3261 16.7, ${transport}] three ring: one answers, one gets CANCEL, one is busy`, async () => {
      const answers = await start('uas-invite', '-d', '200');
      const rings = await start('uas-cancel-proxied');
      const busy = await start('uas-486');
      const proxy = await startProxy(transport, [[answers], [rings], [busy]]);
      const caller = await startSipp({ scenario: 'uac-invite', transport, remotePort: proxy.port });
      await Promise.all([caller.done, answers.done, rings.done, busy.done]);
      expect(tallyOf(proxy)).toEqual({ 'INVITE 200': 5, 'BYE 200': 5 });
    });

    it(`[RFC 3261 16.6, ${transport}] targets of a lower q wait until the others have refused`, async () => {
      const busy = await start('uas-486');
      const gone = await start('uas-404');
      const answers = await start('uas-invite');
      const proxy = await startProxy(transport, [[answers, '0.1'], [busy], [gone, '0.5']]);
      const caller = await startSipp({ scenario: 'uac-invite', transport, remotePort: proxy.port });
      await Promise.all([caller.done, answers.done, busy.done, gone.done]);
      expect(tallyOf(proxy)).toEqual({ 'INVITE 200': 5, 'BYE 200': 5 });
    });

    it(`[RFC 3261 16.7 step 6, ${transport}] of 404, 484 and 503 the caller hears 484`, async () => {
      const all = [await start('uas-404'), await start('uas-484'), await start('uas-503')];
      const proxy = await startProxy(
        transport,
        all.map((each) => [each]),
      );
      const caller = await startSipp({ scenario: 'uac-refused', transport, remotePort: proxy.port });
      await Promise.all([caller, ...all].map(({ done }) => done));
      expect(tallyOf(proxy)).toEqual({ 'INVITE 484': 5 });
    });

    it(`[RFC 3261 16.10, ${transport}] the caller gives up: every branch gets CANCEL`, async () => {
      const all = [await start('uas-cancel-proxied'), await start('uas-cancel-proxied')];
      const proxy = await startProxy(
        transport,
        all.map((each) => [each]),
      );
      const caller = await startSipp({ scenario: 'uac-cancel-forked', transport, remotePort: proxy.port });
      await Promise.all([caller, ...all].map(({ done }) => done));
      expect(tallyOf(proxy)).toEqual({ 'INVITE 487': 5 });
    });
  },
);

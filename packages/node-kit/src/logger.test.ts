import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger('waf', 'info', (line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('[logging] writes one JSON line an event, with function and level', () => {
  const [line] = logged((log) => log.info({ event: 'registration.created', seconds: 60 }));
  expect(line).toMatchObject({ function: 'waf', level: 'info', event: 'registration.created', seconds: 60 });
});

it('[logging] leaves out what is below the level', () => {
  expect(logged((log) => log.debug({ event: 'message.received' }))).toEqual([]);
});

it.each(['authorization', 'password', 'token', 'access_token', 'refresh_token', 'secret'])(
  '[logging] censors a field called %s, also one level down',
  (name) => {
    const text = JSON.stringify(
      logged((log) => log.info({ event: 'x', [name]: 'hidden', inner: { [name]: 'hidden' } })),
    );
    expect(text).not.toContain('hidden');
  },
);

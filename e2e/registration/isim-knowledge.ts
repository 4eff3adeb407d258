/**
 * What a page knows: everything that it heard from the ISIM, and everything else that it can get at.
 *
 * @module
 */
import { expect, type Page } from '@playwright/test';

export interface Heard {
  readonly from: string;
  readonly data: { readonly type?: string; readonly id?: number; readonly answer?: Readonly<Record<string, string>> };
}

export const heardOf = (page: Page): Promise<readonly Heard[]> => page.evaluate('wic.heard');

export async function answerOf(page: Page, id: number): Promise<Readonly<Record<string, string>> | undefined> {
  let found: Heard | undefined;
  await expect
    .poll(async () => {
      found = (await heardOf(page)).find(({ data }) => data.type === 'answer' && data.id === id);
      return found !== undefined;
    })
    .toBe(true);
  return found?.data.answer;
}

export const ask = (page: Page, message: object): Promise<unknown> =>
  page.evaluate((given) => (globalThis as unknown as { wic: { ask: (message: object) => void } }).wic.ask(given), {
    version: 1,
    ...message,
  });

/** Everything that the WIC's page can get at: messages, its window, storage, and what the frame's server gives it. */
export async function everythingReachable(page: Page, isimOrigin: string): Promise<string> {
  return page.evaluate(async (frameOrigin) => {
    const seen: string[] = [JSON.stringify((globalThis as unknown as { wic: { heard: unknown } }).wic.heard)];
    const visited = new Set<unknown>();
    const walk = (value: unknown, depth: number): void => {
      if (value instanceof Uint8Array || value instanceof ArrayBuffer) seen.push([...new Uint8Array(value)].join(','));
      if (typeof value === 'string') seen.push(value);
      if (typeof value !== 'object' || value === null || depth === 0 || visited.has(value)) return;
      visited.add(value);
      let keys: readonly PropertyKey[] = [];
      try {
        keys = Reflect.ownKeys(value);
      } catch {
        // Of another origin.
      }
      for (const key of keys) {
        try {
          walk((value as Record<PropertyKey, unknown>)[key], depth - 1);
        } catch {
          // Of another origin, or a getter of something else.
        }
      }
    };
    walk(globalThis, 3);
    walk(document.querySelector('iframe')?.contentWindow, 3);
    seen.push(document.documentElement.outerHTML, document.cookie);
    seen.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }));
    seen.push(JSON.stringify(await indexedDB.databases()), JSON.stringify(performance.getEntries()));
    for (const path of ['/', '/configuration']) {
      const answer = await fetch(`${frameOrigin}${path}`).then(
        (response) => response.text(),
        () => 'refused',
      );
      seen.push(answer);
    }
    return seen.join('\n');
  }, isimOrigin);
}

/** In every way in which somebody might write them. */
export function formsOf(secrets: Readonly<Record<string, Uint8Array>>): readonly string[] {
  return Object.values(secrets).flatMap((secret) => {
    const buffer = Buffer.from(secret);
    const hex = buffer.toString('hex');
    return [hex, hex.toUpperCase(), buffer.toString('base64'), buffer.toString('base64url'), [...secret].join(',')];
  });
}

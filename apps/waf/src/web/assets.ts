/**
 * The files that pages refer to, under names that carry their hash: a new version has a new address.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const types = {
  'waf.css': 'text/css; charset=utf-8',
  'submit-now.js': 'text/javascript; charset=utf-8',
  'logo.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof types;

export interface Asset {
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Assets {
  /** Path of the asset on the WAF. */
  url(name: AssetName): string;
  /** The asset behind a path that {@link url} gave. */
  find(path: string): Asset | undefined;
}

/** Reads all of them into memory. */
export function loadAssets(): Assets {
  const paths = new Map<AssetName, string>();
  const byPath = new Map<string, Asset>();
  for (const [name, type] of Object.entries(types) as [AssetName, string][]) {
    const content = readFileSync(new URL(`../assets/${name}`, import.meta.url));
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const path = `/assets/${name.replace('.', `-${hash}.`)}`;
    paths.set(name, path);
    byPath.set(path, {
      content,
      headers: {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'etag': `"${hash}"`,
        // A picture that is opened by itself runs nothing either; its style is its own.
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      },
    });
  }
  return { url: (name) => paths.get(name) ?? '/', find: (path) => byPath.get(path) };
}

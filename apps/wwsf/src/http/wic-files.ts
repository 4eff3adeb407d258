/**
 * The built WIC: `/`, and the other files of its folder as they were at the start.
 *
 * Each file has a route of its own, so that no path of a request ever reaches the file system.
 *
 * @module
 */
import { resolve } from 'node:path';
import serveStatic from '@fastify/static';
import type { App } from './app.ts';

const revalidate = 'no-cache';
/** The names under assets/ carry a hash of the content. */
const forever = 'public, max-age=31536000, immutable';

export async function serveWic(app: App, folder: string): Promise<void> {
  const root = resolve(folder);
  await app.register(serveStatic, {
    root,
    wildcard: false,
    index: false,
    serveDotFiles: false,
    cacheControl: false,
    globIgnore: ['index.html', '**/*.map'],
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(resolve(root, 'assets')) ? forever : revalidate);
    },
  });
  app.get('/', (_request, reply) => reply.sendFile('index.html'));
}

/**
 * How the page of the ISIM is built: no inline scripts or styles, so that the strictest Content-Security-Policy fits.
 *
 * @module
 */
import { defineConfig } from 'vite';

export default defineConfig({
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

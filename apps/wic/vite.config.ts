/**
 * How the WIC is built: no inline scripts or styles, so that the strictest Content-Security-Policy fits.
 *
 * @module
 */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

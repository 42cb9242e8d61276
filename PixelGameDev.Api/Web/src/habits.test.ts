import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Most lines of a file; a longer file holds two ideas. */
const mostLines = 300;

/** Files that may be longer, and the reasons. */
const exceptions: Readonly<Record<string, string>> = {
  'api/schema.ts': 'generated, one interface after the other',
  'stream/codec/zstd.ts': 'one algorithm over one memory; its inner loops share the registers that a split would pass around',
  'play/runController.test.ts': 'one state machine, one setup, many histories',
  'pages/studio/project/openProject.test.ts': 'one setup of two windows and a server, many histories',
  'pages/studio/project/openProject.random.test.ts': 'one simulation: the windows, their steps and what must hold',
};

const folder = new URL('.', import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|css)$/.test(entry.name))
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

describe('the page', () => {
  it('has no file that is too long', () => {
    const tooLong = files.filter((file) => readFileSync(join(folder, file), 'utf8').split('\n').length > mostLines + 1);
    expect(tooLong.sort()).toEqual(Object.keys(exceptions).sort());
  });
});

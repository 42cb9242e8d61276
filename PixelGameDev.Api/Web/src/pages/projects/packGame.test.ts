import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { LocalFile } from '../studio/project/uploads';
import { nameOf, packGame } from './packGame';

function file(name: string, content: string, size = content.length): LocalFile {
  return { name, size, arrayBuffer: () => Promise.resolve(new TextEncoder().encode(content).buffer as ArrayBuffer) };
}

async function unpacked(zip: Blob): Promise<string[]> {
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  return Object.entries(files).map(([path, content]) => `${path}: ${new TextDecoder().decode(content)}`);
}

describe('the files of a game', () => {
  it('come into the zip with their paths', async () => {
    const { zip, leftOut } = await packGame([file('images/größe.png', 'p'), file('main.py', '1')]);
    expect(await unpacked(zip)).toEqual(['main.py: 1', 'images/größe.png: p']);
    expect(leftOut).toEqual([]);
  });

  it('are left out with the reason if they cannot be sent, programs last', async () => {
    const broken: LocalFile = { name: 'gone.png', size: 1, arrayBuffer: () => Promise.reject(new Error('gone')) };
    const pictures = [1, 2, 3, 4, 5].map((number) => file(`${number}.png`, 'x'.repeat(4_900_000)));
    const { zip, leftOut } = await packGame([file('film.mp4', '', 5_000_001), ...pictures, broken, file('main.py', 'print(1)')]);
    expect((await unpacked(zip)).map((one) => one.split(':')[0])).toEqual(['main.py', '1.png', '2.png', '3.png', '4.png']);
    expect(leftOut.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'film.mp4 file_too_large',
      '5.png project_too_large',
      'gone.png unreadable',
    ]);
  });
});

describe('the name of a game of single files', () => {
  it.each<[string[], string | undefined]>([
    [['snake.py', 'hero.png'], 'snake'],
    [['main.py', 'hero.png'], undefined],
    [['a.py', 'b.py'], undefined],
    [['lib/a.py'], undefined],
    [['hero.png'], undefined],
  ])('of %j is %s', (names, name) => expect(nameOf(names.map((one) => file(one, '')))).toBe(name));
});

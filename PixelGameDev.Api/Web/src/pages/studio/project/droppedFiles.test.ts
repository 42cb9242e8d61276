import { describe, expect, it } from 'vitest';
import { chosenFolder, chosenGame, droppedFiles, droppedGames, gamesOf, type LocalGames } from './droppedFiles';
import { probableStart } from './uploads';

type Tree = { [name: string]: string | Tree };

function entry(name: string, content: string | Tree): FileSystemEntry {
  if (typeof content === 'string') {
    const file = (done: (file: File) => void): void => done(new File([content], name));
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  // As a browser does: in parts, the last one empty.
  const parts = [...Object.entries(content).map(([child, inside]) => [entry(child, inside)]), []];
  const readEntries = (done: (entries: FileSystemEntry[]) => void): void => done(parts.shift()!);
  return { name, isFile: false, isDirectory: true, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}

function itemsOf(tree: Tree): Pick<DataTransfer, 'items' | 'files'> {
  const items = Object.entries(tree).map(([name, content]) => ({ webkitGetAsEntry: () => entry(name, content) }));
  return { items: items as unknown as DataTransferItemList, files: [] as unknown as FileList };
}

async function dropped(tree: Tree): Promise<string[]> {
  const files = await droppedFiles(itemsOf(tree));
  return await Promise.all(files.map(async (file) => `${file.name}: ${new TextDecoder().decode(await file.arrayBuffer())}`));
}

describe('what is dropped', () => {
  it('is a game, if it is one folder', async () => {
    const game = {
      'main.py': '1',
      images: { 'hero.png': '2', more: { 'a.png': '3' } },
      '.git': { config: 'x' },
      __pycache__: { 'main.pyc': 'x' },
    };
    expect(await dropped({ 'My game': game })).toEqual(['main.py: 1', 'images/hero.png: 2', 'images/more/a.png: 3']);
  });

  it('keeps the names of several folders', async () => {
    expect(await dropped({ images: { 'hero.png': '1' }, sounds: { 'boom.ogg': '2', '.DS_Store': 'x' }, 'a.py': '3' })).toEqual([
      'images/hero.png: 1',
      'sounds/boom.ogg: 2',
      'a.py: 3',
    ]);
  });

  it('is just the files, if there is no folder', async () => {
    const file = new File(['1'], 'a.py');
    const items = [{ webkitGetAsEntry: () => entry('a.py', '1') }] as unknown as DataTransferItemList;
    expect(await droppedFiles({ items, files: [file] as unknown as FileList })).toEqual([file]);
  });
});

const shown = ({ zips, games }: LocalGames): string[] => [
  ...zips.map(({ name }) => name),
  ...games.map(({ name, files }) => `${name ?? '?'}: ${files.map((file) => file.name).join()}`),
];

describe('the games in what is dropped', () => {
  it.each<[string, Tree, string[]]>([
    [
      'each folder',
      { Maze: { 'main.py': '1' }, Pong: { 'pong.py': '2', img: { 'a.png': '3' } } },
      ['Maze: main.py', 'Pong: pong.py,img/a.png'],
    ],
    ['each folder and each zip', { 'a.zip': '1', Maze: { 'main.py': '2' }, 'b.ZIP': '3' }, ['a.zip', 'b.ZIP', 'Maze: main.py']],
    ['the content of a folder', { 'main.py': '1', img: { 'a.png': '2' } }, ['?: main.py,img/a.png']],
    ['a zip beside the content of a folder', { 'a.zip': '1', 'main.py': '2', img: { 'a.png': '3' } }, ['a.zip', '?: main.py,img/a.png']],
  ])('are %s', async (_, tree, games) => expect(shown(await droppedGames(itemsOf(tree)))).toEqual(games));

  it('are one of all single files, and each zip', async () => {
    const files = ['main.py', 'a.zip', 'hero.png'].map((name) => new File(['1'], name));
    const items = files.map(({ name }) => ({ webkitGetAsEntry: () => entry(name, '1') }));
    const data = { items: items as unknown as DataTransferItemList, files: files as unknown as FileList };
    expect(shown(await droppedGames(data))).toEqual(['a.zip', '?: main.py,hero.png']);
    expect(shown(gamesOf(files.slice(1, 2)))).toEqual(['a.zip']);
  });
});

describe('a folder that is chosen', () => {
  it('is a game without what no game needs', async () => {
    const paths = ['G/main.py', 'G/images/a.png', 'G/.git/config', 'G/x/__pycache__/a.pyc', 'G/.DS_Store'];
    const files = paths.map((path) => new File([path], 'a'));
    for (const [at, path] of paths.entries()) Object.defineProperty(files[at], 'webkitRelativePath', { value: path });
    expect(chosenFolder(files).map(({ name }) => name)).toEqual(['main.py', 'images/a.png']);
    expect(shown(chosenGame(files))).toEqual(['G: main.py,images/a.png']);
  });
});

describe('the file that starts a game', () => {
  it.each<[string[], string | undefined]>([
    [['game.py', 'images/a.png', 'main.py'], 'main.py'],
    [['lib/a.py', 'run_game.py', 'other.py'], 'run_game.py'],
    [['pacman.py', 'images/a.png', 'lib/b.py'], 'pacman.py'],
    [['a.py', 'b.py'], undefined],
    [['one.py'], undefined],
  ])('of %j is %s', (paths, start) => expect(probableStart(paths)).toBe(start));
});

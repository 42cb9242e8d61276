import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadMoreWords } from '../../language/moreWords';
import { GamesModel } from './gamesModel';
import { cutName, type Game } from './projectsServer';

const game = (name: string): Game => ({
  id: name,
  name,
  entry: 'main.py',
  updatedAt: '',
  fileCount: 1,
  size: 1,
  picture: null,
  folder: null,
});

describe('GamesModel', () => {
  it.each([
    ['', ['Größe', 'Star Catcher', 'star catcher 2']],
    ['STAR', ['Star Catcher', 'star catcher 2']],
    ['grosse', []],
    ['groß', ['Größe']],
    [' catcher 2 ', ['star catcher 2']],
  ])('finds %j', (search, names) => {
    const model = new GamesModel();
    model.games.value = ['Größe', 'Star Catcher', 'star catcher 2'].map(game);
    model.search.value = search;
    expect(model.found.value.map(({ name }) => name)).toEqual(names);
  });

  it('puts games into folders, those in no folder first', () => {
    const model = new GamesModel();
    model.games.value = [
      { ...game('Maze'), folder: 'School' },
      game('Star Catcher'),
      { ...game('Apples'), folder: 'At home' },
      { ...game('Snake'), folder: 'School' },
    ];
    const folders = (): string[] =>
      model.gamesByFolder.value.map(({ folder, games }) => `${folder}: ${games.map(({ name }) => name).join()}`);
    expect(folders()).toEqual([': Star Catcher', 'At home: Apples', 'School: Maze,Snake']);
    model.search.value = 'school';
    expect(folders()).toEqual(['School: Maze,Snake']);
  });

  it('names a copy with whole characters, however long the name of the game is', async () => {
    await loadMoreWords('en');
    const names: string[] = [];
    vi.stubGlobal('fetch', (_url: string, { method, body }: { method: string; body: string }) => {
      if (method === 'POST') names.push((JSON.parse(body) as { name: string }).name);
      return Promise.resolve(new Response(method === 'POST' ? '{"id":"1","name":"copy"}' : '[]'));
    });
    await new GamesModel().copy(game('🏰'.repeat(40)));
    expect(names).toEqual([`${'🏰'.repeat(36)} (copy)`]);
  });
});

describe('a name that is too long', () => {
  it.each([
    ['short', 10, 'short'],
    ['0123456789x', 10, '0123456789'],
    ['🏰🏰🏰', 4, '🏰🏰'],
    ['🏰🏰🏰', 3, '🏰'],
    ['🏰', 1, ''],
    ['🏰', -1, ''],
  ])('%s ends after %i with a whole character', (name, most, cut) => {
    expect(cutName(name, most)).toBe(cut);
  });
});

afterEach(() => vi.unstubAllGlobals());
